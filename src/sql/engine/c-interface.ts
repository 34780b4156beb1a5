// SQLite's C interface, as far as it is called here.

/** SQLite's C interface, as far as it is called here; pointers are numbers, and 0 is NULL. */
export interface CInterface {
	/** Of the compiled module, and not of SQLite: its own start, C's memory, and the functions that pointers call. */
	__wasm_call_ctors(): void;
	readonly __indirect_function_table: WebAssembly.Table;
	malloc(bytes: number): number;

	sqlite3_initialize(): number;
	sqlite3_open_v2(name: number, db: number, flags: number, vfs: number): number;
	sqlite3_limit(db: number, limit: number, value: number): number;
	/** `sqlite3_db_config` with the three arguments of SQLITE_DBCONFIG_LOOKASIDE; C's own takes any number of them. */
	sqlite3__wasm_db_config_pii(
		db: number,
		option: number,
		buffer: number,
		bytes: number,
		pieces: number,
	): number;
	sqlite3_progress_handler(db: number, operations: number, callback: number, argument: number): void;
	sqlite3_status64(status: number, current: number, highest: number, reset: number): number;
	sqlite3_prepare_v3(
		db: number,
		sql: number,
		bytes: number,
		flags: number,
		statement: number,
		tail: number,
	): number;
	sqlite3_exec(db: number, sql: number, callback: number, argument: number, error: number): number;
	sqlite3_set_authorizer(db: number, callback: number, argument: number): number;
	sqlite3_step(statement: number): number;
	sqlite3_finalize(statement: number): number;
	sqlite3_column_count(statement: number): number;
	sqlite3_column_name(statement: number, column: number): number;
	sqlite3_column_text(statement: number, column: number): number;
	sqlite3_column_int(statement: number, column: number): number;
	sqlite3_stmt_readonly(statement: number): number;
	sqlite3_stmt_isexplain(statement: number): number;
	sqlite3_stmt_explain(statement: number, mode: number): number;
	sqlite3_bind_parameter_count(statement: number): number;
	sqlite3_errmsg(db: number): number;
}
