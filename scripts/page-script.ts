// Builds the report page's script as one text that a page holds inline.

import { build, type Plugin } from "esbuild";

/** Modules outside the script's own folder only define things: what it does not use is left out. */
const onlyWhatIsUsed: Plugin = {
	name: "only-what-is-used",
	setup({ onResolve, resolve }) {
		onResolve({ filter: /^\./ }, async ({ path, resolveDir, kind, pluginData }) => {
			if (pluginData === onlyWhatIsUsed.name) return undefined;
			const found = await resolve(path, { resolveDir, kind, pluginData: onlyWhatIsUsed.name });
			return { path: found.path, sideEffects: found.path.includes("/page/script/") };
		});
	},
};

/**
 * @param root the project's folder
 * @throws where an HTML parser would end the script early
 */
export async function buildPageScript(root: string): Promise<string> {
	const { outputFiles } = await build({
		absWorkingDir: root,
		entryPoints: ["src/report/page/script/main.ts"],
		bundle: true,
		format: "iife",
		platform: "browser",
		target: "es2022",
		minify: true,
		plugins: [onlyWhatIsUsed],
		legalComments: "none",
		write: false,
		logLevel: "warning",
	});
	const script = (outputFiles[0]?.text ?? "").trim();
	if (/<\/script|<!--/i.test(script)) throw new Error("the page's script would end early");
	return script;
}
