// Builds error_stats' view as one HTML document.

import { createHash } from "node:crypto";
import { build } from "esbuild";
import { viewStyle } from "../src/visual/index.ts";

/**
 * The document's policy allows only its own script and style, and nothing from elsewhere: a host can make it stricter,
 * not laxer.
 *
 * @param root the project's folder
 */
export async function buildView(root: string, version: string): Promise<string> {
	const { outputFiles } = await build({
		absWorkingDir: root,
		entryPoints: ["src/visual/view/main.ts"],
		bundle: true,
		format: "iife",
		platform: "browser",
		target: "es2022",
		minify: true,
		legalComments: "none",
		define: { __VERSION__: JSON.stringify(version) },
		write: false,
		logLevel: "warning",
	});
	const script = (outputFiles[0]?.text ?? "").trim();
	// An HTML parser ends a script here, wherever it occurs.
	if (/<\/script|<!--/i.test(script)) throw new Error("the view's script would end early");
	const policy = [
		"default-src 'none'",
		`script-src '${hashOf(script)}'`,
		`style-src '${hashOf(viewStyle)}'`,
		"base-uri 'none'",
		"form-action 'none'",
	].join("; ");
	return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Error statistics</title>
<style>${viewStyle}</style>
</head>
<body><p>Waiting for the answer of error_stats.</p>
<script>${script}</script>
</body>
</html>
`;
}

function hashOf(text: string): string {
	return `sha256-${createHash("sha256").update(text).digest("base64")}`;
}
