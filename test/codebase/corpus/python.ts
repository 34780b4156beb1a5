/** Python of the labelled corpus; the marks are as in `typescript.ts`. */
export const pythonFiles: Readonly<Record<string, string>> = {
	"services/parser/errors.py": `"""Codes of the parser: PARSE_EMPTY and others.""" «PARSE_EMPTY mention»
from enum import Enum


class ParseCode(str, Enum): «ParseCode defines @ ParseCode»
    PARSE_EMPTY = "PARSE_EMPTY" «PARSE_EMPTY defines @ ParseCode»
    PARSE_ENCODING = "PARSE_ENCODING" «PARSE_ENCODING defines @ ParseCode»
    PARSE_PASSWORD = "PARSE_PASSWORD" «PARSE_PASSWORD defines @ ParseCode»


RETRYABLE = {"PARSE_STORAGE_DOWN", "PARSE_BUSY"} «PARSE_STORAGE_DOWN defines @ RETRYABLE»«PARSE_BUSY defines @ RETRYABLE»


class ParseError(Exception): «ParseError defines @ ParseError»
    def __init__(self, code: str, detail: str = "") -> None:
        super().__init__(detail)
        self.code = code


class TooManyPages(ParseError): «TooManyPages defines @ TooManyPages»
    def __init__(self) -> None:
        super().__init__("PARSE_TOO_MANY_PAGES") «PARSE_TOO_MANY_PAGES defines @ TooManyPages.__init__»
`,
	"services/parser/resume.py": `import logging

from .errors import ParseCode, ParseError, TooManyPages

logger = logging.getLogger(__name__)


def parse_resume(data: bytes, pages: int) -> dict: «parse_resume defines @ parse_resume»
    if not data:
        raise ParseError(ParseCode.PARSE_EMPTY) «PARSE_EMPTY raises @ parse_resume»
    if pages > 50:
        raise TooManyPages() «PARSE_TOO_MANY_PAGES raises @ parse_resume»
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise ParseError("PARSE_ENCODING", str(error)) from error «PARSE_ENCODING raises @ parse_resume»
    if text.startswith("%PDF-encrypted"):
        return {"ok": False, "code": ParseCode.PARSE_PASSWORD.value} «PARSE_PASSWORD raises @ parse_resume»
    return {"ok": True}


class ResumeJob: «ResumeJob defines @ ResumeJob»
    def __init__(self, store) -> None:
        self.store = store
        self.error_code = None

    async def run(self, key: str) -> None:
        try:
            parse_resume(await self.store.get(key), 1)
        except TooManyPages: «PARSE_TOO_MANY_PAGES handles @ ResumeJob.run»
            logger.warning("PARSE_TOO_MANY_PAGES for %s", key) «PARSE_TOO_MANY_PAGES mention @ ResumeJob.run»
        except ParseError as error:
            if error.code == "PARSE_ENCODING": «PARSE_ENCODING handles @ ResumeJob.run»
                return
            self.error_code = error.code
        except ConnectionError:
            self.error_code = "PARSE_STORAGE_DOWN" «PARSE_STORAGE_DOWN raises @ ResumeJob.run»
`,
	"services/parser/classify.py": `"""Turns exceptions into codes."""


def classify_exception(error: Exception) -> str: «classify_exception defines @ classify_exception»
    text = str(error).lower()
    if "busy" in text:
        return "PARSE_BUSY" «PARSE_BUSY raises @ classify_exception»
    elif "quota" in text:
        return "PARSE_QUOTA" «PARSE_QUOTA raises @ classify_exception»
    return "PARSE_ENCODING" if "codec" in text else "PARSE_UNKNOWN" «PARSE_ENCODING raises @ classify_exception»«PARSE_UNKNOWN raises @ classify_exception»


BY_ERRNO = {
    28: "PARSE_DISK_FULL", «PARSE_DISK_FULL raises @ BY_ERRNO»
    "EACCES": "PARSE_FORBIDDEN", «PARSE_FORBIDDEN raises @ BY_ERRNO»
}


def is_retryable(code: str) -> bool:
    return code in ("PARSE_BUSY", "PARSE_STORAGE_DOWN") «PARSE_BUSY handles @ is_retryable»«PARSE_STORAGE_DOWN handles @ is_retryable»


def advice(code: str) -> str:
    match code:
        case "PARSE_QUOTA": «PARSE_QUOTA handles @ advice»
            return "buy more"
        case "PARSE_DISK_FULL" | "PARSE_FORBIDDEN": «PARSE_DISK_FULL handles @ advice»«PARSE_FORBIDDEN handles @ advice»
            return "call operations"
        case _:
            return ""
`,
	"services/parser/api.py": `from fastapi import FastAPI, HTTPException
from fastapi.responses import JSONResponse

from .classify import classify_exception
from .db import connection

app = FastAPI()


@app.post("/parse")
async def post_parse(body: dict): «post_parse defines @ post_parse»
    if "key" not in body:
        raise HTTPException(status_code=422, detail="PARSE_KEY_MISSING") «PARSE_KEY_MISSING raises @ post_parse»
    try:
        return await start(body["key"])
    except Exception as error:
        code = classify_exception(error)
        connection.execute("INSERT INTO error_events (error_code) VALUES (?)", (code,))
        return JSONResponse({"code": code}, status_code=500)


async def start(key: str, on_error=lambda: "PARSE_START_FAILED"): «PARSE_START_FAILED raises @ start»
    return key or on_error()


def fail(message: str, code: str = "PARSE_GENERIC") -> dict: «PARSE_GENERIC raises @ fail»
    return dict(message=message, code=code)


def reject_large(size: int):
    if size > 10_000_000:
        return fail("too large", code="PARSE_TOO_LARGE") «PARSE_TOO_LARGE raises @ reject_large»
    return None
`,
};
