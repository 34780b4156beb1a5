import type { SandboxDatabase } from "../../src/sandbox/database.ts";

/** Runs where it is taken for markup; `__ran` tells. */
const markup = [
	`<img src="https://evil.example/p.png" onerror="window.__ran = 1">`,
	`<script>window.__ran = 2</script>`,
	`"><svg onload="window.__ran = 3"><style>*{display:none}</style>`,
	`</title></style></script><!--<iframe srcdoc="<script>parent.__ran = 4</script>">`,
	`' onmouseover='window.__ran = 5' <a href="javascript:window.__ran = 6">go</a>`,
	`\u2028\u2029 ]]> --> {{7*7}} \${window.__ran} ![x](https://evil.example/q.png) \u202etxet\u200b`,
];
/** Nowhere can it be broken. */
export const longWord = "W".repeat(300);

const text = (index: number) => (index % 7 === 6 ? longWord : (markup[index % 7] ?? ""));

/** A production in which every text that anyone can write is hostile. @param now epoch seconds */
export function fillHostile(db: SandboxDatabase, now: number): void {
	const rows = Array.from({ length: 140 }, (_, index) => index);
	const at = (index: number) => now - 30 - index * 500;
	db.insert(
		"organizations",
		rows.slice(0, 7).map((index) => ({
			id: `o${index}`,
			name: text(index),
			slug: `${text(index)}-${index}`,
			created_at: 1,
			updated_at: 1,
		})),
	);
	db.insert(
		"skills",
		rows.slice(0, 7).map((index) => ({
			id: `s${index}`,
			slug: `${text(index)}${index}`,
			name: text(index),
			description: text(index),
			category: text(index),
			created_at: 1,
			updated_at: 1,
		})),
	);
	db.insert(
		"error_events",
		rows.map((index) => ({
			id: `e${index}`,
			organization_id: `o${index % 7}`,
			user_id: text(index + 1),
			error_code: text(index),
			error_category: text(index + 2),
			skill_slug: text(index + 3),
			provider: text(index + 4),
			action: text(index + 5),
			http_status: 500,
			session_id: `${text(index)}${index % 9}`,
			created_at: at(index),
		})),
	);
	db.insert(
		"skill_usage_logs",
		rows.map((index) => ({
			id: `r${index}`,
			skill_id: `s${index % 7}`,
			user_id: text(index),
			api_key_id: null,
			organization_id: `o${index % 7}`,
			status: "error",
			duration_ms: 10,
			input_summary: text(index + 1),
			error_message: text(index + 2),
			created_at: at(index),
		})),
	);
}
