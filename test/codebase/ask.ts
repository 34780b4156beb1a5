import { loadConfig } from "../../src/config/index.ts";
import { createServices } from "../../src/services.ts";
import { describeError } from "../../src/text/index.ts";
import { searchCodebase } from "../../tools/search_codebase.ts";
import { type TestRepository, testRepository } from "./repository.ts";

export interface Asked extends TestRepository {
	/** The answer of search_codebase as an agent reads it; a refusal's sentence. */
	readonly ask: (args: Record<string, unknown>) => Promise<string>;
}

/** A repository of its own, and the whole tool on it. */
export async function askable(
	files: Readonly<Record<string, string>>,
	options: { readonly plain?: boolean } = {},
): Promise<Asked> {
	const repository = await testRepository(files, options);
	const config = await loadConfig({ PROD_DEBUGGER_REPO: repository.root }, {}, repository.root);
	const services = createServices(config);
	const context = { services, signal: new AbortController().signal, progress: () => undefined };
	return {
		...repository,
		async ask(args) {
			try {
				return (await searchCodebase.run(searchCodebase.input.parse(args), context)).text;
			} catch (error) {
				const words = describeError(error);
				if (words === undefined) throw error;
				return words;
			}
		},
		async remove() {
			await services.close();
			await repository.remove();
		},
	};
}
