/** TSX and JavaScript of the labelled corpus; the marks are as in `typescript.ts`. */
export const webFiles: Readonly<Record<string, string>> = {
	"apps/web/src/ErrorToast.tsx": `import { useState } from 'react';

const messages: Record<string, string> = {
  LLM_RATE_LIMITED: 'The model is busy', «LLM_RATE_LIMITED mention @ messages»
  LLM_AUTH_FAILED: 'Check the key of your organization', «LLM_AUTH_FAILED mention @ messages»
  SKILL_DISABLED: 'An administrator disabled this skill', «SKILL_DISABLED mention @ messages»
  SCRAPE_NOT_LOGGED_IN: 'Log in first', «SCRAPE_NOT_LOGGED_IN mention @ messages»
};

export function ErrorToast({ code }: { code: string }) { «ErrorToast defines @ ErrorToast»
  const [open, setOpen] = useState(true);
  if (!open) return null;
  return (
    <div role="alert" onClick={() => setOpen(false)}>
      {code === 'NETWORK_ERROR' && <b>You are offline</b>} «NETWORK_ERROR handles @ ErrorToast»
      {messages[code] ?? code}
    </div>
  );
}

export const Example = () => <ErrorToast code="LLM_TIMEOUT" />; «LLM_TIMEOUT mention @ Example»
`,
	"apps/web/src/useRun.tsx": `import { useCallback, useState } from 'react';
import { report } from './report';

export function useRun(slug: string) { «useRun defines @ useRun»
  const [error, setError] = useState<string>();
  const run = useCallback(async () => {
    try {
      const answer = await fetch('/v1/skills/' + slug);
      if (answer.status === 413) setError('UPLOAD_TOO_LARGE'); «UPLOAD_TOO_LARGE raises @ useRun > useCallback callback»
    } catch (cause) {
      report({ errorCode: 'NETWORK_ERROR', skillSlug: slug }); «NETWORK_ERROR raises @ useRun > useCallback callback»
      setError('NETWORK_ERROR'); «NETWORK_ERROR raises @ useRun > useCallback callback»
    }
  }, [slug]);
  return { run, error };
}

export function RunPanel({ slug }: { slug: string }) { «RunPanel defines @ RunPanel»
  const { run, error } = useRun(slug);
  return error === 'UPLOAD_TOO_LARGE' ? <p>Too large</p> : <button onClick={run}>Run</button>; «UPLOAD_TOO_LARGE handles @ RunPanel»
}
`,
	"apps/web/src/SessionGate.tsx": `import { Component, type ReactNode } from 'react';

export class SessionGate extends Component<{ children: ReactNode }, { code?: string }> { «SessionGate defines @ SessionGate»
  static getDerivedStateFromError() {
    return { code: 'SESSION_RENDER_CRASHED' }; «SESSION_RENDER_CRASHED raises @ SessionGate.getDerivedStateFromError»
  }

  private readonly onExpired = () => {
    this.setState({ code: 'SESSION_EXPIRED' }); «SESSION_EXPIRED raises @ SessionGate.onExpired»
  };

  render() {
    if (this.state.code === 'SESSION_EXPIRED') return <a href="/login" onClick={this.onExpired}>Log in</a>; «SESSION_EXPIRED handles @ SessionGate.render»
    return this.props.children;
  }
}
`,
	"apps/extension/src/scrape.js": `const TIMEOUT = 30000;

/** SCRAPE_TIMEOUT comes back when the page never loads. */ «SCRAPE_TIMEOUT mention»
export async function scrapePage(url, open) { «scrapePage defines @ scrapePage»
  const page = await Promise.race([open(url), wait(TIMEOUT)]);
  if (!page) return { ok: false, errorCode: 'SCRAPE_TIMEOUT' }; «SCRAPE_TIMEOUT raises @ scrapePage»
  if (page.status === 403) {
    return { ok: false, errorCode: 'SCRAPE_BLOCKED' }; «SCRAPE_BLOCKED raises @ scrapePage»
  } else if (page.login) {
    return { ok: false, errorCode: 'SCRAPE_NOT_LOGGED_IN' }; «SCRAPE_NOT_LOGGED_IN raises @ scrapePage»
  }
  return { ok: true, page };
}

function wait(ms) {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
`,
	"apps/extension/src/background.js": `const handlers = {
  SCRAPE_TIMEOUT: () => restart(), «SCRAPE_TIMEOUT handles @ handlers»
  SCRAPE_BLOCKED(task) { «SCRAPE_BLOCKED handles @ handlers.SCRAPE_BLOCKED»
    later(task);
  },
};

chrome.runtime.onMessage.addListener((message, sender, reply) => {
  if (message.errorCode in handlers) handlers[message.errorCode](message);
  else reply({ error: 'EXTENSION_UNKNOWN_MESSAGE' }); «EXTENSION_UNKNOWN_MESSAGE raises @ chrome.runtime.onMessage.addListener callback»
});

exports.later = function later(task) { «later defines @ later»
  if (!task) {
    const error = new Error('no task');
    error.code = 'EXTENSION_NO_TASK'; «EXTENSION_NO_TASK raises @ later»
    throw error;
  }
};

function restart() {} «restart defines @ restart»
`,
	"apps/legacy/server.js": `const express = require('express');
const { track } = require('./track');
const app = express();

app.get('/export', function (req, res) {
  if (!req.query.id) return res.status(400).json({ code: 'EXPORT_ID_MISSING' }); «EXPORT_ID_MISSING raises @ app.get("/export") callback»
  build(req.query.id, (err, file) => {
    if (err) {
      track('EXPORT_BUILD_FAILED', err); «EXPORT_BUILD_FAILED raises @ app.get("/export") callback > build callback»
      return res.status(500).send('EXPORT_BUILD_FAILED'); «EXPORT_BUILD_FAILED raises @ app.get("/export") callback > build callback»
    }
    res.send(file);
  });
});

function build(id, done) { «build defines @ build»
  if (id > 100) return done({ code: 'EXPORT_ID_RANGE' }); «EXPORT_ID_RANGE raises @ build»
  done(null, id);
}

app.use((err, req, res, next) => {
  if (err.code == 'EXPORT_ID_RANGE') return res.sendStatus(416); «EXPORT_ID_RANGE handles @ app.use callback»
  next(err);
});

module.exports = { app, build };
`,
	"apps/legacy/track.js": `exports.track = (code, error) => {
  const label = code + (error ? ':' + error.message : '');
  console.log('EXPORT_BUILD_FAILED happens when the disk is full', label); «EXPORT_BUILD_FAILED mention @ track»
};
`,
};
