// Brings what hosts send around a call to the form that the SDK reads: null for "not given", an object as JSON text.

type Named = Readonly<Record<string, unknown>>;

/** A request whose `params` is an object; the same object where nothing differs. */
export function inCommonForm(message: Named): Named {
	const { method, params } = message;
	if (!isNamed(params)) return message;
	const read = changed(params, (name, value) => paramOf(String(method), name, value));
	const formed = method === "initialize" ? introduced(read, "capabilities", "clientInfo") : read;
	return formed === params ? message : { ...message, params: formed };
}

const capabilitiesKey = "io.modelcontextprotocol/clientCapabilities";
const clientKey = "io.modelcontextprotocol/clientInfo";

function paramOf(method: string, name: string, value: unknown): unknown {
	if (value === null) return undefined;
	switch (name) {
		case "_meta":
			return isNamed(value) ? metaOf(value) : value;
		case "arguments":
			return argumentsOf(method, value);
		case "argument":
			// Completion: nothing typed yet.
			return isNamed(value) && (value.value ?? null) === null ? { ...value, value: "" } : value;
		case "context":
			return isNamed(value) ? changed(value, (_, inner) => inner ?? undefined) : value;
		default:
			return value;
	}
}

/** A token of another kind asks for no progress; since 2026-07-28 every request introduces the client. */
function metaOf(meta: Named): Named {
	const known = changed(meta, (name, value) =>
		value === null || (name === "progressToken" && typeof value !== "string" && !Number.isSafeInteger(value))
			? undefined
			: value,
	);
	return capabilitiesKey in known || clientKey in known
		? introduced(known, capabilitiesKey, clientKey)
		: known;
}

/** Some hosts send an empty list for "no arguments", or the object as JSON text. */
function argumentsOf(method: string, given: unknown): unknown {
	const value = typeof given === "string" ? objectIn(given) : given;
	if (value === "" || (Array.isArray(value) && value.length === 0)) return undefined;
	if (method !== "prompts/get" || !isNamed(value)) return value;
	// A prompt's arguments are texts.
	return changed(value, (_, inner) => {
		if (inner === null || (typeof inner === "string" && inner.trim() === "")) return undefined;
		return typeof inner === "number" || typeof inner === "boolean" ? String(inner) : inner;
	});
}

function objectIn(text: string): unknown {
	if (text.trim() === "") return "";
	try {
		const value: unknown = JSON.parse(text);
		return value ?? "";
	} catch {
		return text;
	}
}

/** A client that says less of itself than the protocol asks for is served all the same. */
function introduced(params: Named, capabilities: string, client: string): Named {
	return changed(
		{ ...params, [capabilities]: params[capabilities] ?? {}, [client]: params[client] ?? {} },
		(name, value) => {
			if (name === capabilities && isNamed(value)) return changed(value, (_, one) => capabilityOf(one));
			if (name !== client || !isNamed(value)) return value;
			const said = changed(value, (_, inner) => inner ?? undefined);
			return { ...said, name: String(said.name ?? "unknown"), version: String(said.version ?? "unknown") };
		},
	);
}

/** `true` says as much as an object without details. */
function capabilityOf(value: unknown): unknown {
	if (value === null || value === false) return undefined;
	return value === true ? {} : value;
}

function isNamed(value: unknown): value is Named {
	return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** @param read undefined leaves the name out; @returns the same object where nothing differs */
function changed(named: Named, read: (name: string, value: unknown) => unknown): Named {
	const entries = Object.entries(named).map(([name, value]) => [name, value, read(name, value)] as const);
	if (entries.every(([, before, after]) => before === after)) return named;
	return Object.fromEntries(
		entries.filter(([, , after]) => after !== undefined).map(([name, , after]) => [name, after]),
	);
}
