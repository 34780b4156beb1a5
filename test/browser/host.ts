import type { Browser, BrowserContextOptions, Frame, Page } from "playwright-core";

/** A message that went between a view and its host. */
export interface Message {
	readonly jsonrpc: "2.0";
	readonly id?: number;
	readonly method?: string;
	readonly params?: Readonly<Record<string, unknown>>;
	readonly result?: unknown;
}

/** A host with MCP Apps as the specification (2026-01-26) has it, as far as a view can tell. */
export interface FakeHost {
	readonly page: Page;
	/** The view's own frame. */
	view(): Frame;
	/** What the view sent, in order. */
	messages(): Promise<readonly Message[]>;
	send(message: Readonly<Record<string, unknown>>): Promise<void>;
	readonly requests: readonly string[];
	readonly complaints: readonly string[];
}

const address = "https://host.example/";
/** The policy of a host that was told of no domains. */
const policy =
	"default-src 'none'; script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; media-src 'self' data:; connect-src 'none'";

/** Shows a view in a sandboxed frame, and answers its handshake. */
export async function openHost(
	browser: Browser,
	html: string,
	options: BrowserContextOptions & {
		readonly theme?: "light" | "dark";
		/** Whether it takes messages from a view, and what it says to one. */
		readonly message?: "taken" | "refused";
	} = {},
): Promise<FakeHost> {
	const { theme, message, ...contextOptions } = options;
	const context = await browser.newContext(contextOptions);
	const page = await context.newPage();
	const requests: string[] = [];
	const complaints: string[] = [];
	page.on("request", (request) => {
		if (!request.url().startsWith(address)) requests.push(request.url());
	});
	page.on("console", (message) => complaints.push(message.text()));
	page.on("pageerror", (error) => complaints.push(error.message));
	await page.route(`${address}**`, (route) =>
		route.request().url() === `${address}view`
			? route.fulfill({
					contentType: "text/html",
					body: html,
					headers: { "content-security-policy": policy },
				})
			: route.fulfill({
					contentType: "text/html",
					body: "<!doctype html><title>Host</title><style>body{margin:0}iframe{border:0;width:100%;height:300px;display:block}</style>",
				}),
	);
	await page.goto(address);
	await page.evaluate(
		({ theme, message }) => {
			const messages: unknown[] = [];
			Object.assign(window, { messages });
			const frame = document.createElement("iframe");
			frame.setAttribute("sandbox", "allow-scripts");
			window.addEventListener("message", ({ source, data }) => {
				if (source !== frame.contentWindow) return;
				messages.push(data);
				if (data.method === "ui/initialize") {
					const result = {
						protocolVersion: "2026-01-26",
						hostInfo: { name: "fake", version: "1" },
						hostCapabilities: message === undefined ? {} : { message: { text: {} } },
						hostContext: theme === undefined ? {} : { theme },
					};
					frame.contentWindow?.postMessage({ jsonrpc: "2.0", id: data.id, result }, "*");
				}
				if (data.method === "ui/message") {
					const result = message === "refused" ? { isError: true } : {};
					frame.contentWindow?.postMessage({ jsonrpc: "2.0", id: data.id, result }, "*");
				}
				if (data.method === "ui/notifications/size-changed") frame.style.height = `${data.params.height}px`;
			});
			frame.src = "/view";
			document.body.append(frame);
		},
		{ theme, message },
	);
	const messages = () => page.evaluate(() => (window as unknown as { messages: Message[] }).messages);
	const host: FakeHost = {
		page,
		view() {
			const frame = page.frames().find((one) => one.url() === `${address}view`);
			if (frame === undefined) throw new Error("no view");
			return frame;
		},
		messages,
		send: (message) =>
			page.evaluate(
				(sent) =>
					document.querySelector("iframe")?.contentWindow?.postMessage({ jsonrpc: "2.0", ...sent }, "*"),
				message,
			),
		requests,
		complaints,
	};
	await page.waitForFunction(() =>
		(window as unknown as { messages: Message[] }).messages.some(
			({ method }) => method === "ui/notifications/initialized",
		),
	);
	return host;
}
