// Tables that sort by a column when its heading is pressed.

export function sortableTables(): void {
	for (const table of document.querySelectorAll<HTMLTableElement>("table[data-sortable]")) {
		const headings = [...table.querySelectorAll<HTMLTableCellElement>("thead th")];
		for (const [column, heading] of headings.entries()) {
			const button = document.createElement("button");
			button.type = "button";
			button.textContent = heading.textContent;
			heading.replaceChildren(button);
			button.addEventListener("click", () => {
				const isDown = heading.getAttribute("aria-sort") === "descending";
				for (const other of headings) other.removeAttribute("aria-sort");
				heading.setAttribute("aria-sort", isDown ? "ascending" : "descending");
				sort(table, column, isDown ? 1 : -1);
			});
		}
	}
}

function sort(table: HTMLTableElement, column: number, direction: 1 | -1): void {
	const [body] = table.tBodies;
	if (body === undefined) return;
	const rows = [...body.rows].map((row) => ({ row, value: cellValue(row.cells[column]) }));
	rows.sort((one, other) => direction * compared(one.value, other.value));
	body.append(...rows.map(({ row }) => row));
}

type Value = number | string;

/** `1,042`, `12.5 %` and `–` are numbers; the last is less than all. */
function cellValue(cell: HTMLTableCellElement | undefined): Value {
	const text = cell?.dataset.value ?? cell?.textContent?.trim() ?? "";
	if (text === "–") return Number.NEGATIVE_INFINITY;
	const number = /^(-?[\d,]+(?:\.\d+)?)(?: %)?$/.exec(text)?.[1];
	return number === undefined ? text : Number(number.replaceAll(",", ""));
}

function compared(one: Value, other: Value): number {
	if (typeof one === "number" && typeof other === "number") return one === other ? 0 : one - other;
	return String(one).localeCompare(String(other));
}
