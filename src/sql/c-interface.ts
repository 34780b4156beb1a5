/** SQLite's C interface, as far as it is called here; pointers are numbers, and 0 is NULL. */
export interface CInterface {
	sqlite3_prepare_v3(
		db: number,
		sql: number,
		bytes: number,
		flags: number,
		statement: number,
		tail: number,
	): number;
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
	sqlite3_errcode(db: number): number;
}
