// Whether a value beside a secret's name is the secret itself, or a word, a count, a reference, a line of code.

/** A value as it is written behind its name. */
export interface WrittenValue {
	readonly value: string;
	readonly isQuoted: boolean;
	/** Behind `=` without a space. */
	readonly isTight: boolean;
	/** Of a URL's query, or of a command line's flag. */
	readonly isParameter: boolean;
	/** The character behind it. */
	readonly after: string;
}

const plainWords = new Set(
	(
		"null none nil true false undefined string number boolean bool object text bytes any unknown never void required missing " +
		"invalid incorrect wrong expired revoked rejected disabled enabled empty optional optionally hidden redacted masked " +
		"mismatch unchanged changed forgotten reset password passwd passphrase secret token bearer basic value default example " +
		"placeholder yes no ok valid present absent unset unavailable denied failed error oauth oauth2 header cookie body " +
		"query input hash hashed encrypted plaintext uint8array utf8string base64 base64url hex utf8 sha256 sha512 md5 bcrypt " +
		"argon2 argon2id scrypt hs256 rs256 es256 jwt uuid autoconfig authentication authorization credentials"
	).split(" "),
);

/** What stands for a secret, or tells of one. */
export function isReference(value: string): boolean {
	return (
		plainWords.has(value.toLowerCase()) ||
		// ${KEY}, %s, *****, xxxx, ...
		/^(?:[$%@]|\*+$|x+$|\.+$|…|-+$|_+$|:)/i.test(value) ||
		// An error code, a constant, a setting's name.
		/^[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+$/.test(value) ||
		// A path of an object in code, a file's path, another URL, an instant.
		/^[A-Za-z_$][\w$]{0,60}(?:\??\.[A-Za-z_$][\w$]{0,60}){1,8}$/.test(value) ||
		/^(?:~|\.{1,2})?(?:\/[a-z0-9_.@-]{0,40}){1,20}$/i.test(value) ||
		/^[a-z][a-z0-9+.-]{1,20}:\/\//i.test(value) ||
		/^\d{4}-\d\d-\d\d(?:T|$)/.test(value)
	);
}

/** As it is judged: without the punctuation of the sentence around it. */
function bare(value: string): string {
	return value.replace(/[.,:;!?]{1,3}$/, "");
}

/** A call, a member, a type: code, and not a value. */
function isCode({ isQuoted, isTight, after, value }: WrittenValue): boolean {
	if (isQuoted) return false;
	if (after === "(" || after === "[") return true;
	return !isTight && after === ";" && /^[A-Za-z_$][\w$.]*$/.test(value);
}

/** Whether what is called a password is one: anything with a digit or a sign; a plain word only where it is tight. */
export function isPassword(written: WrittenValue): boolean {
	const { isQuoted, isTight, isParameter, after } = written;
	const value = bare(written.value);
	if (value === "" || isReference(value) || isCode(written)) return false;
	if (isParameter) return value.length >= 2;
	if (/^\d+$/.test(value)) return value.length >= 4;
	if (!/^[A-Za-z_-]+$/.test(value)) return value.length >= 5 && /[A-Za-z0-9]/.test(value);
	if (isQuoted) return value.length >= 8 && /^[a-z]+$|[a-z][A-Z][A-Za-z]*[A-Z]/.test(value);
	return isTight && value.length >= 6 && /^[\s;&]?$/.test(after);
}

/** Whether what is called a token or a key is one: not a count, not a word. */
export function isToken(written: WrittenValue): boolean {
	const { isQuoted, isTight, isParameter } = written;
	const value = bare(written.value);
	if (/^[\d.,_%]*[kKmM]?$/.test(value) || isReference(value) || isCode(written)) return false;
	const hasDigit = /[0-9]/.test(value);
	if (isParameter && value.length >= (hasDigit ? 4 : 8)) return true;
	if (isTight || isQuoted) return value.length >= 8 && isRandom(value, 16);
	return value.length >= 10 && isRandom(value, 20);
}

/** Whether what a header carries is a credential. */
export function isCredential(secret: string): boolean {
	const value = bare(secret);
	return value.length >= 8 && !isReference(value) && isRandom(value, 20);
}

/** @param letters so many letters make a token even without a digit, where no hyphen parts them into words */
function isRandom(value: string, letters: number): boolean {
	const words = /^[A-Za-z]+(?:[-_.][A-Za-z]+)*$/.test(value);
	if (!words) return /[A-Za-z]/.test(value) && (/[0-9]/.test(value) || value.length >= 12);
	return /^[A-Za-z]+$/.test(value) && value.length >= letters;
}
