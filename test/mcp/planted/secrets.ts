// Secrets to plant: of every kind, each with a marker in its hidden part that tells where it was planted.

/** Letters alone, so that nothing that folds digits hides it; the same for the same place, and no other's. */
function markerOf(place: number): string {
	const letters = "qzxjkwvp";
	const digits = [512, 64, 8, 1].map((unit) => letters.charAt(Math.floor(place / unit) % 8));
	return `Zqx${digits.join("")}jzq`;
}

const pad = "4f7B2c9D1e8A3g6H5k0M";

/** Each makes a secret of a kind around a marker. */
const kinds: readonly ((marker: string) => string)[] = [
	(marker) => `gh${"p"}_${marker}${pad}${pad}`,
	(marker) => `sk-${"ant"}-api03-${marker}${pad}`,
	(marker) => `postgres://admin:${marker}@db.example/x`,
	(marker) => `password=${marker}7`,
	(marker) => `{"api_key":"${marker}${pad}"}`,
	(marker) => `xox${"b"}-12345-${marker}${pad}`,
	(marker) => `Bearer ${marker}${pad}`,
	(marker) => `https://x.example/cb?access_token=${marker}1&x=2`,
	(marker) => `ey${"J"}hbGciOiJIUzI1NiJ9.ey${"J"}${marker}${pad}.${marker}${pad}`,
	(marker) => `S${"G"}.${marker}${pad}.${marker}${pad}`,
	(marker) => `$2${"b"}$12$${marker}${pad}${pad}`,
	(marker) => `Cookie: sid=${marker}${pad}; Path=/`,
	(marker) => `j.${marker.toLowerCase()}@acme.example`,
	(marker) => `j.${marker.toLowerCase()}%40acme.example`,
	(marker) => `\u202egs${"k"}_${marker}${pad}`,
	(marker) => `gh${"p"}_${pad}\u200b${marker}${pad}`,
	(marker) => `{&quot;password&quot;:&quot;${marker}7&quot;}`,
	(marker) => `%7B%22client_secret%22%3A%22${marker}${pad}%22%7D`,
	(marker) => `{"lastName":"J${marker}"}`,
	(marker) => `x-hub-signature-256: sha256=${marker}${pad}${pad}`,
];
/** The kinds that are personal, which are shown to a user who shows personal data. */
const personalKinds = [12, 13, 18];
/** Those that a name of a file, a column or a branch can be. */
const nameKinds = [0, 1, 5, 9];

/** Makes secrets, each with a place of its own, and finds them again. */
export class Planter {
	readonly #places = new Map<string, { place: string; isPersonal: boolean }>();

	/** @param kind which of the kinds; they take turns */
	plant(place: string, kind: number): string {
		return this.#make(place, kind % kinds.length);
	}

	/** A secret that may stand in a name. */
	plantName(place: string): string {
		return this.#make(place, nameKinds[this.#places.size % nameKinds.length] ?? 0);
	}

	#make(place: string, kind: number): string {
		const marker = markerOf(this.#places.size);
		this.#places.set(marker.toLowerCase(), { place, isPersonal: personalKinds.includes(kind) });
		return kinds[kind]?.(marker) ?? "";
	}

	/** Where what stands in `text` was planted. */
	foundIn(text: string, showsPersonal: boolean): readonly string[] {
		return (text.toLowerCase().match(/zqx[qzxjkwvp]{4}jzq/g) ?? []).flatMap((marker) => {
			const planted = this.#places.get(marker);
			if (planted === undefined) return [];
			return planted.isPersonal && showsPersonal ? [] : [planted.place];
		});
	}
}
