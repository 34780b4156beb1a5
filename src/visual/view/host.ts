// The view's side of the MCP Apps protocol.

/** The supported revision of MCP Apps. */
const protocolVersion = "2026-01-26";

type Params = Readonly<Record<string, unknown>>;

/** What the view handles from its host. */
export interface Listener {
	result(result: Params): void;
	context(context: Params): void;
	cancelled(): void;
	/** The host takes messages from this view. */
	mayAsk(): void;
}

/**
 * Speaks JSON-RPC with the host that shows this view, and with nobody else: only messages from the parent window count.
 * The view requests the handshake, and a message that the reader presses a button for: it calls no tool and opens no URL.
 */
export function connectHost(
	name: string,
	version: string,
	listener: Listener,
): {
	resized(): void;
	/** @returns whether the host took the message */
	ask(text: string): Promise<boolean>;
} {
	const host = window.parent;
	const send = (message: Params) => host.postMessage({ jsonrpc: "2.0", ...message }, "*");
	const notify = (method: string, params: Params = {}) => send({ method, params });
	const handshake = 1;
	let isReady = false;
	let lastId = handshake;
	const asked = new Map<number, (isTaken: boolean) => void>();

	window.addEventListener("message", ({ source, data }: MessageEvent<unknown>) => {
		if (source !== host || host === window || !isRecord(data) || data.jsonrpc !== "2.0") return;
		const params = isRecord(data.params) ? data.params : {};
		if (data.id === handshake && isRecord(data.result) && !isReady) {
			isReady = true;
			if (isRecord(data.result.hostContext)) listener.context(data.result.hostContext);
			const can = data.result.hostCapabilities;
			if (isRecord(can) && isRecord(can.message)) listener.mayAsk();
			notify("ui/notifications/initialized");
			return;
		}
		const answered = typeof data.id === "number" ? asked.get(data.id) : undefined;
		if (answered !== undefined && data.method === undefined) {
			asked.delete(Number(data.id));
			// A host may refuse within its result.
			return answered(isRecord(data.result) && data.result.isError !== true);
		}
		switch (data.method) {
			case "ui/notifications/tool-result":
				return listener.result(params);
			case "ui/notifications/tool-cancelled":
				return listener.cancelled();
			case "ui/notifications/host-context-changed":
				return listener.context(params);
			case "ui/resource-teardown":
			case "ping":
				if (data.id !== undefined) send({ id: data.id, result: {} });
				return;
		}
	});
	send({
		id: handshake,
		method: "ui/initialize",
		params: {
			protocolVersion,
			appInfo: { name, version },
			appCapabilities: { availableDisplayModes: ["inline"] },
		},
	});
	let last = 0;
	return {
		ask(text) {
			lastId += 1;
			const id = lastId;
			const content = [{ type: "text", text }];
			send({ id, method: "ui/message", params: { role: "user", content } });
			return new Promise((resolve) => asked.set(id, resolve));
		},
		resized() {
			const { scrollWidth: width, scrollHeight } = document.documentElement;
			const height = Math.ceil(document.body.getBoundingClientRect().height) || scrollHeight;
			if (!isReady || height === last) return;
			last = height;
			notify("ui/notifications/size-changed", { width, height });
		},
	};
}

export function isRecord(value: unknown): value is Params {
	return typeof value === "object" && value !== null && !Array.isArray(value);
}
