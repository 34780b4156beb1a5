#!/usr/bin/env bash
# Follows the README's lines word by word, as somebody who has nothing yet: an empty home, in a folder with a space and
# an accent. Prints each step's output and time. Needs npm's registry; Claude Code is installed where it can be.
#   bench/newcomer.sh [FOLDER WITH claude]
set -uo pipefail

here=$(cd "$(dirname "$0")/.." && pwd)
base=$(mktemp -d "${TMPDIR:-/tmp}/newcomer é XXXXXX")
home="$base/home"
mkdir "$home"
claude_bin=${1:-}
failed=0
model=

end() {
	[ -n "$model" ] && kill "$model" 2>/dev/null
	rm -rf "$base"
}
trap end EXIT

# What a login gives, and how this machine reaches npm's registry.
clean=(env -i HOME="$home" PATH="$(dirname "$(command -v node)"):/usr/bin:/bin" LANG=C.UTF-8 TERM=dumb
	npm_config_registry="$(npm config get registry)" npm_config_update_notifier=false)
# As for a user who may not write to the system's folders, root included.
clean+=(npm_config_prefix="$home/.local")
[ -n "${NODE_EXTRA_CA_CERTS:-}" ] && clean+=(NODE_EXTRA_CA_CERTS="$NODE_EXTRA_CA_CERTS")

# step NAME COMMAND…: runs it in the clone, and prints the end of its output and how long it took.
step() {
	local name=$1 from to code
	shift
	printf '\n== %s\n' "$name"
	from=$(date +%s%N)
	(cd "$base/my clone" 2>/dev/null || cd "$base"; "$@") >"$base/out" 2>&1
	code=$?
	to=$(date +%s%N)
	tail -n 24 "$base/out" | cut -c1-160
	printf -- '-- %s: exit code %s, %s.%s s\n' "$name" "$code" $(((to - from) / 1000000000)) $((((to - from) / 100000000) % 10))
	[ "$code" -eq 0 ] || failed=1
}

# A line is run only as it stands in the README.
line() {
	grep -qxF "$1" "$here/README.md" || { printf '\nnot a line of the README: %s\n' "$1"; failed=1; }
	step "$1" "${clean[@]}" bash -c "$1"
}

# The same at a terminal, with the key exported, and what a person types.
typed() {
	grep -qxF "$1" "$here/README.md" || { printf '\nnot a line of the README: %s\n' "$1"; failed=1; }
	step "$1 (at a terminal: $2, Enter)" "${clean[@]}" SKILLOMATIC_API_KEY=sk_live_of_a_newcomer \
		timeout 120 bash -c "{ echo $2; sleep 20; } | script -qefc '$1' /dev/null"
}

step "git clone" git clone --quiet "$here" "$base/my clone"
line "npm ci && npm run demo"
line "npm ci && npm run setup"
# The line that set-up printed, where its folder is not on PATH.
path_line=$(sed -n 's/^  export PATH="\(.*\):\$PATH"$/\1/p' "$base/out")
if [ -n "$path_line" ]; then
	clean+=(PATH="$path_line:$(dirname "$(command -v node)"):/usr/bin:/bin")
fi

if [ -z "$claude_bin" ]; then
	step "Claude Code, from npm" "${clean[@]}" npm install --prefix "$base/claude" --no-audit --no-fund --allow-scripts=@anthropic-ai/claude-code @anthropic-ai/claude-code
	claude_bin="$base/claude/node_modules/.bin"
fi
if "${clean[@]}" "$claude_bin/claude" --version >/dev/null 2>&1; then
	for index in "${!clean[@]}"; do
		case "${clean[$index]}" in PATH=*) clean[index]="${clean[$index]}:$claude_bin" ;; esac
	done
	typed "prod-debugger-mcp attach claude" y
	step "the demo beside it" "${clean[@]}" prod-debugger-mcp attach claude --demo --yes
	step "claude mcp list" "${clean[@]}" claude mcp list
	"$here/node_modules/.bin/tsx" "$here/bench/newcomer-model.ts" mcp__prod-debugger-demo__error_stats "$base/port" &
	model=$!
	for _ in $(seq 100); do [ -s "$base/port" ] && break; sleep 0.1; done
	step "the first answer, in Claude Code" "${clean[@]}" ANTHROPIC_BASE_URL="http://127.0.0.1:$(cat "$base/port")" \
		ANTHROPIC_API_KEY=sk-imitation DISABLE_TELEMETRY=1 DISABLE_AUTOUPDATER=1 \
		timeout 120 claude -p "What is failing in production?" --allowedTools mcp__prod-debugger-demo__error_stats
	grep -q "The tool found first: " "$base/out" || failed=1
else
	printf '\nClaude Code does not start here: the first answer comes to the SDK client instead.\n'
	mkdir "$home/.cursor"
	step "prod-debugger-mcp attach cursor --demo --yes" "${clean[@]}" prod-debugger-mcp attach cursor --demo --yes
	step "the first answer, in the SDK's client" "${clean[@]}" "$here/node_modules/.bin/tsx" \
		"$here/bench/newcomer-client.ts" "$home/.cursor/mcp.json"
	grep -q "The tool found first: [A-Z]" "$base/out" || failed=1
fi
step "prod-debugger-mcp doctor --demo" "${clean[@]}" prod-debugger-mcp doctor --demo

printf '\n%s\n' "$([ "$failed" -eq 0 ] && echo 'Every step worked.' || echo 'A step failed.')"
exit "$failed"
