// Names files whose changes need a second look, and files that no patch may touch.

import { isHiddenFile } from "../../system/index.ts";

interface Kind {
	readonly flag: string;
	/** Matched against the path in lowercase. */
	readonly pattern: RegExp;
}

/** Files whose effect goes beyond the code: changing them is allowed, and flagged. */
const kinds: readonly Kind[] = [
	{
		flag: "runs in CI",
		pattern:
			/^(\.github\/(workflows|actions)\/|\.gitlab-ci|\.circleci\/|\.ci\/|\.buildkite\/|jenkinsfile|azure-pipelines|\.travis\.yml$|bitbucket-pipelines)|(^|\/)action\.ya?ml$/,
	},
	{
		flag: "a lock file: what is installed",
		pattern:
			/(^|\/)(package-lock\.json|npm-shrinkwrap\.json|yarn\.lock|pnpm-lock\.yaml|bun\.lockb?|poetry\.lock|uv\.lock|pipfile\.lock|go\.sum|cargo\.lock|composer\.lock|gemfile\.lock)$/,
	},
	{
		flag: "package scripts and dependencies: runs on install and build",
		pattern:
			/(^|\/)(package\.json|pyproject\.toml|setup\.(py|cfg)|requirements[\w.-]*\.txt|(gnu)?makefile|justfile|go\.mod|cargo\.toml|build\.rs|gemfile|conftest\.py|binding\.gyp)$/,
	},
	{
		flag: "a hook: runs on commits or on a tool's events",
		pattern:
			/(^|\/)(\.husky\/|\.githooks\/|git-hooks\/|hooks\/(pre|post|commit|prepare|update)[\w-]*$|\.pre-commit-config\.yaml$|\.?lefthook\.ya?ml$|\.lintstagedrc|lint-staged\.config)/,
	},
	{
		flag: "git's own rules for this repository",
		// A folder with a `HEAD` may pass for a repository, whose configuration git then follows.
		pattern: /(^|\/)(\.(gitattributes|gitmodules|gitignore|gitconfig)|head)$/,
	},
	{
		flag: "configures the package manager, which runs programs",
		pattern: /(^|\/)(\.npmrc|\.yarnrc(\.yml)?|\.pnpmfile\.cjs|\.pypirc|pip\.conf)$/,
	},
	{
		flag: "decides what an agent's host runs",
		pattern:
			/(^|\/)(\.?mcp\.json|claude_desktop_config\.json)$|(^|\/)\.(claude|cursor|codex|gemini|windsurf)\//,
	},
	{
		flag: "an editor's configuration, which may run tasks",
		pattern: /(^|\/)\.(vscode|idea|devcontainer|zed)\/|(^|\/)\.(devcontainer\.json|vimrc|exrc|envrc)$/,
	},
	{
		flag: "instructions for agents",
		pattern:
			/(^|\/)((claude|agents|gemini|skill|copilot-instructions)(\.local)?\.md|\.(cursor|windsurf|cline)rules)$|(^|\/)\.github\/(instructions|prompts|chatmodes)\//,
	},
	{
		flag: "a tool's configuration",
		pattern:
			/(^|\/)([\w.-]{1,100}\.config\.([cm]?[jt]s|json)|[jt]sconfig[\w.-]{0,100}\.json|biome\.jsonc?|\.?(eslint|prettier|babel|mocha|nyc|stylelint|swc)rc[\w.]{0,20}|\.editorconfig|\.tool-versions|\.nvmrc|(dockerfile|containerfile)[\w.-]{0,100}|(docker-)?compose[\w.-]{0,100}\.ya?ml|tox\.ini|turbo\.json|nx\.json|lerna\.json|pnpm-workspace\.yaml)$/,
	},
];

/** What a reviewer should know about a file that a patch touches. */
export function flagsOf(path: string): readonly string[] {
	const lower = path.toLowerCase();
	return kinds.filter(({ pattern }) => pattern.test(lower)).map(({ flag }) => flag);
}

/** `.env` files hold secrets, whatever their suffix. */
function isEnvironmentFile(path: string): boolean {
	return path.split("/").some((part) => /^\.env(?![a-z])/i.test(part) || /^\.envrc$/i.test(part));
}

/** Hidden from searches because of what they make a tool run, not because of secrets: a patch of one is flagged, not refused. */
const flaggedNames = /^(\.npmrc|\.yarnrc(\.yml)?|\.mcp\.json|claude_desktop_config\.json)$/i;
const flaggedFolders = /^\.(claude|cursor)$/i;

/** Whether no patch may touch the file, since it holds secrets. Files that decide what a tool runs are flagged instead. */
export function staysClosed(path: string): boolean {
	if (isEnvironmentFile(path)) return true;
	const parts = path.split("/").filter((part) => !flaggedFolders.test(part));
	if (flaggedNames.test(parts.at(-1) ?? "")) parts.pop();
	return isHiddenFile(parts.length === 0 ? "plain" : parts.join("/"));
}

/**
 * Whether a hidden file mentions a login or a key, which the lines around a change would show: it may be created, but
 * not changed.
 */
export function mayHoldSecrets(path: string, content: Buffer): boolean {
	return isHiddenFile(path) && /auth|token|passw|secret|key|credential/i.test(content.toString("latin1"));
}
