/** Files with power beyond the code: a change of theirs is allowed, and told. */
const kinds: readonly { readonly flag: string; readonly pattern: RegExp }[] = [
	{
		flag: "runs in CI",
		pattern:
			/^(\.github\/(workflows|actions)\/|\.gitlab-ci|\.circleci\/|\.ci\/|jenkinsfile|azure-pipelines)/i,
	},
	{
		flag: "a lock file",
		pattern:
			/(^|\/)(package-lock\.json|yarn\.lock|pnpm-lock\.yaml|poetry\.lock|uv\.lock|go\.sum|cargo\.lock)$/i,
	},
	{
		flag: "package scripts and dependencies",
		pattern: /(^|\/)(package\.json|pyproject\.toml|setup\.py|makefile|go\.mod)$/i,
	},
	{
		flag: "a hook",
		pattern: /(^|\/)(\.husky\/|\.githooks\/|hooks\/|\.pre-commit-config\.yaml$|lefthook\.ya?ml$)/i,
	},
	{ flag: "git attributes", pattern: /(^|\/)\.(gitattributes|gitmodules|gitignore)$/i },
	{ flag: "an editor's or a host's configuration", pattern: /(^|\/)\.(vscode|idea|devcontainer|zed)\//i },
	{
		flag: "instructions for agents",
		pattern: /(^|\/)(claude|agents|gemini|copilot-instructions)\.md$|(^|\/)\.(cursorrules|windsurfrules)$/i,
	},
	{
		flag: "a tool's configuration",
		pattern:
			/(^|\/)([\w.-]+\.config\.[cm]?[jt]s|tsconfig[\w.-]*\.json|biome\.jsonc?|\.eslintrc[\w.]*|dockerfile|docker-compose[\w.-]*\.ya?ml)$/i,
	},
];

/** What a reviewer should know of the files that a patch touches: `path: why`. */
export function flagsOf(paths: readonly string[]): readonly string[] {
	return paths.flatMap((path) =>
		kinds.filter(({ pattern }) => pattern.test(path)).map(({ flag }) => `${path}: ${flag}`),
	);
}
