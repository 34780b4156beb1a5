// Personal data in free text: addresses, phone numbers, and what a name such as `firstName` says is a person's.

import { maskAddresses } from "./addresses.ts";
import { folded } from "./secrets/folded.ts";
import { isReference } from "./secrets/values.ts";

const names =
	"(?:first|last|full|middle|maiden|given|family|candidate|applicant)[_ -]?name|surname|birth[_ -]?(?:day|date)|date[_ -]?of[_ -]?birth|dob|" +
	"(?:tele)?phone(?:[_ -]?number)?|mobile(?:[_ -]?number)?|passport(?:[_ -]?(?:no|number))?|(?:tax|national)[_ -]?id|" +
	"(?:home|street|billing|shipping|postal)[_ -]?address";

/**
 * A value in quotation marks, or tight behind `=`; and numbers as E.164 has them, in groups or not, or as North America
 * writes them. An instant in a line that was added begins with `+`, too.
 */
const persons = new RegExp(
	[
		`(?<![a-z])(?:${names})\\\\{0,2}["']?\\s{0,3}(?:(?:[:=]|=>)\\s{0,3}\\\\{0,2}["'](?<quoted>[^"'\\\\\\n]{2,120})|=(?<tight>[^\\s"'&;,<>()[\\]]{2,120}))`,
		"(?<![\\w+])(?<number>\\+(?!\\d{4}-\\d\\d)[1-9]\\d{0,3}(?:[ .-]?\\(?\\d{2,5}\\)?){2,5}|\\(\\d{3}\\) ?\\d{3}-\\d{4})(?![\\w-])",
	].join("|"),
	"gi",
);
/** What parts a name from its value, and what a number begins with: most cells have none. */
const parts = /["'=+(%&\\]/;
const signs = new RegExp(`${names}|\\+[1-9]\\d|\\(\\d{3}\\)`, "i");

/** Masks what tells who somebody is. The first character stays, so that two people can be distinguished. */
export function maskPersonal(text: string): string {
	return maskPersons(maskAddresses(text));
}

function maskPersons(text: string): string {
	if (text.length < 6 || !parts.test(text) || !signs.test(text)) return text;
	const { text: reading, original } = folded(text) ?? { text, original: (place: number) => place };
	let masked = "";
	let shown = 0;
	for (const match of reading.matchAll(persons)) {
		const { quoted, tight, number } = match.groups ?? {};
		const value = quoted ?? tight ?? number ?? "";
		if (number === undefined ? !isPersons(value) : !isPhone(value)) continue;
		const end = match.index + match[0].length;
		masked += `${text.slice(shown, original(end - value.length + 1))}…`;
		shown = original(end);
	}
	return masked + text.slice(shown);
}

/** Not a word about a value, nor a repository's full name; a day of birth is one. */
function isPersons(value: string): boolean {
	return (!isReference(value) || /^\d{4}-/.test(value)) && !/[/…[]/.test(value);
}

function isPhone(value: string): boolean {
	const digits = value.replace(/\D/g, "").length;
	return digits >= 10 && digits <= 15;
}
