// Buttons that copy a patch or a query, and that hand a table on as CSV.

/** How long a button says that it has copied, in milliseconds. */
const saidMs = 2000;

export function copyButtons(): void {
	for (const part of document.querySelectorAll<HTMLElement>("[data-copy]")) {
		const text = () => part.querySelector("code")?.textContent ?? "";
		part.append(copyButton(`Copy ${part.dataset.copy}`, text));
	}
}

export function exportButtons(): void {
	for (const table of document.querySelectorAll<HTMLTableElement>("table[data-export]")) {
		const tools = document.createElement("div");
		tools.className = "tools";
		const download = button("Download CSV");
		download.addEventListener("click", () => save(csvOf(table), `${table.dataset.export}.csv`));
		tools.append(
			copyButton("Copy CSV", () => csvOf(table)),
			download,
		);
		table.after(tools);
	}
}

function button(words: string): HTMLButtonElement {
	const made = document.createElement("button");
	made.type = "button";
	made.textContent = words;
	return made;
}

function copyButton(words: string, text: () => string): HTMLButtonElement {
	const made = button(words);
	made.addEventListener("click", async () => {
		made.textContent = (await copy(text())) ? "Copied" : "Not permitted: select it";
		setTimeout(() => {
			made.textContent = words;
		}, saidMs);
	});
	return made;
}

async function copy(text: string): Promise<boolean> {
	try {
		await navigator.clipboard.writeText(text);
		return true;
	} catch {
		return copyBySelection(text);
	}
}

/** For pages that are opened where the clipboard is not offered, such as plain http. */
function copyBySelection(text: string): boolean {
	const area = document.createElement("textarea");
	area.value = text;
	document.body.append(area);
	area.select();
	const done = document.execCommand("copy");
	area.remove();
	return done;
}

/** RFC 4180. A cell that a spreadsheet would take for a formula begins with an apostrophe. */
function csvOf(table: HTMLTableElement): string {
	const cell = (text: string) => {
		const value = /^\d[\d,]*$/.test(text) ? text.replaceAll(",", "") : text;
		const plain = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
		return /[",\r\n]/.test(plain) ? `"${plain.replaceAll('"', '""')}"` : plain;
	};
	return [...table.rows]
		.map((row) => `${[...row.cells].map(({ textContent }) => cell(textContent?.trim() ?? "")).join(",")}\r\n`)
		.join("");
}

function save(text: string, name: string): void {
	const url = URL.createObjectURL(new Blob([text], { type: "text/csv" }));
	const link = document.createElement("a");
	link.href = url;
	link.download = name;
	link.click();
	URL.revokeObjectURL(url);
}
