// Numbers that prove themselves: digits of a card's and a bank account's are computed from the others.

export function hasCheckDigits(text: string): boolean {
	return /^\d/.test(text) ? isCard(text) : isAccount(text.replaceAll(" ", ""));
}

/** By Luhn's digit (ISO/IEC 7812-1). Numbers that are made for tests, such as 4242…, have few different digits. */
function isCard(text: string): boolean {
	const digits = [...text.replace(/\D/g, "")].reverse().map(Number);
	if (new Set(digits).size < 5) return false;
	const sum = digits.reduce((total, digit, index) => {
		const weighed = index % 2 === 0 ? digit : digit * 2;
		return total + (weighed > 9 ? weighed - 9 : weighed);
	}, 0);
	return sum % 10 === 0;
}

/** The remainder by 97 is 1 (ISO 7064); none is shorter than 15 signs or longer than 34. */
function isAccount(account: string): boolean {
	if (account.length < 15 || account.length > 34) return false;
	let rest = 0;
	for (const sign of account.slice(4) + account.slice(0, 4)) {
		const value = Number.parseInt(sign, 36);
		rest = (rest * (value > 9 ? 100 : 10) + value) % 97;
	}
	return rest === 1;
}
