// What failures call the service that was asked: production's API or its database.

/** A service that is asked, in the words of failures. */
export interface Peer {
	/** Begins a sentence. */
	readonly name: string;
	/** The setting that holds its address. */
	readonly setting: "SKILLOMATIC_API_URL" | "SKILLOMATIC_DATABASE_URL";
	/** What is sent to it and must not be seen. */
	readonly secret: string;
	/** What its answers have to match. */
	readonly protocol: string;
}

export const apiPeer: Peer = {
	name: "Production",
	setting: "SKILLOMATIC_API_URL",
	secret: "API key",
	protocol: "its API",
};

export const databasePeer: Peer = {
	name: "Production's database",
	setting: "SKILLOMATIC_DATABASE_URL",
	secret: "database token",
	protocol: "libSQL's HTTP protocol",
};
