/** Go of the labelled corpus; the marks are as in `typescript.ts`. */
export const goFiles: Readonly<Record<string, string>> = {
	"services/mail/codes.go": `package mail

import "errors"

// Code is what clients see; MAIL_BOUNCED is the commonest. «MAIL_BOUNCED mention»
type Code string «Code defines @ Code»

const (
	CodeBounced  Code = "MAIL_BOUNCED" «MAIL_BOUNCED defines @ CodeBounced»
	CodeThrottle Code = "MAIL_THROTTLED" «MAIL_THROTTLED defines @ CodeThrottle»
)

var ErrNoRecipient = errors.New("MAIL_NO_RECIPIENT") «MAIL_NO_RECIPIENT defines @ ErrNoRecipient»

var retryable = map[string]bool{
	"MAIL_THROTTLED": true, «MAIL_THROTTLED handles @ retryable»
	"MAIL_TEMPORARY": true, «MAIL_TEMPORARY handles @ retryable»
}

var allCodes = []string{"MAIL_BOUNCED", "MAIL_TEMPORARY", "MAIL_TOO_BIG"} «MAIL_BOUNCED defines @ allCodes»«MAIL_TEMPORARY defines @ allCodes»«MAIL_TOO_BIG defines @ allCodes»
`,
	"services/mail/send.go": `package mail

import (
	"context"
	"fmt"
	"log"
	"net/http"
)

type Failure struct { «Failure defines @ Failure»
	Code    Code
	Message string
}

func (f *Failure) Error() string { return f.Message }

type Sender struct { «Sender defines @ Sender»
	client *http.Client
}

// Send delivers one message.
func (s *Sender) Send(ctx context.Context, to string, size int) error {
	if to == "" {
		return ErrNoRecipient «MAIL_NO_RECIPIENT raises @ Sender.Send»
	}
	if size > 1<<20 {
		return &Failure{Code: "MAIL_TOO_BIG", Message: to} «MAIL_TOO_BIG raises @ Sender.Send»
	}
	status, err := s.post(ctx, to)
	switch {
	case status == http.StatusTooManyRequests:
		return &Failure{Code: CodeThrottle} «MAIL_THROTTLED raises @ Sender.Send»
	case status == 550:
		return &Failure{Code: CodeBounced, Message: "bounced"} «MAIL_BOUNCED raises @ Sender.Send»
	}
	if err != nil {
		log.Printf("MAIL_TEMPORARY: %v", err) «MAIL_TEMPORARY mention @ Sender.Send»
		return fmt.Errorf("MAIL_TEMPORARY: %w", err) «MAIL_TEMPORARY raises @ Sender.Send»
	}
	return nil
}

func (s *Sender) post(ctx context.Context, to string) (int, error) { «post defines @ Sender.post»
	return 0, nil
}
`,
	"services/mail/classify.go": `package mail

import (
	"errors"
	"strings"
)

// ClassifySMTP turns an answer of the mail server into a code.
func ClassifySMTP(answer string) string { «ClassifySMTP defines @ ClassifySMTP»
	code := "MAIL_UNKNOWN" «MAIL_UNKNOWN raises @ ClassifySMTP»
	if strings.HasPrefix(answer, "535") {
		code = "MAIL_AUTH_FAILED" «MAIL_AUTH_FAILED raises @ ClassifySMTP»
	}
	if strings.Contains(answer, "greylisted") {
		return "MAIL_GREYLISTED" «MAIL_GREYLISTED raises @ ClassifySMTP»
	}
	return code
}

func classifyPair(answer string) (string, error) { «classifyPair defines @ classifyPair»
	if answer == "" {
		return "MAIL_NO_ANSWER", nil «MAIL_NO_ANSWER raises @ classifyPair»
	}
	return ClassifySMTP(answer), nil
}

// Advice says what to do.
func Advice(code string, err error) string {
	if errors.Is(err, ErrNoRecipient) { «MAIL_NO_RECIPIENT handles @ Advice»
		return "give a recipient"
	}
	switch code {
	case "MAIL_GREYLISTED", "MAIL_NO_ANSWER": «MAIL_GREYLISTED handles @ Advice»«MAIL_NO_ANSWER handles @ Advice»
		return "wait"
	case string(CodeBounced): «MAIL_BOUNCED handles @ Advice»
		return "check the address"
	}
	if code != "MAIL_AUTH_FAILED" { «MAIL_AUTH_FAILED handles @ Advice»
		return ""
	}
	return "renew the password"
}
`,
	"services/mail/handler.go": `package mail

import (
	"encoding/json"
	"net/http"
)

func NewMux(sender *Sender) *http.ServeMux { «NewMux defines @ NewMux»
	mux := http.NewServeMux()
	mux.HandleFunc("/send", func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodPost {
			writeError(w, 405, "MAIL_METHOD_NOT_ALLOWED") «MAIL_METHOD_NOT_ALLOWED raises @ NewMux > mux.HandleFunc("/send") callback»
			return
		}
		answer := ClassifySMTP(r.FormValue("answer"))
		writeError(w, 500, answer)
	})
	return mux
}

func writeError(w http.ResponseWriter, status int, code string) { «writeError defines @ writeError»
	w.WriteHeader(status)
	json.NewEncoder(w).Encode(map[string]string{"code": code})
}

func mustConfigure(key string) {
	if key == "" {
		panic("MAIL_NOT_CONFIGURED") «MAIL_NOT_CONFIGURED raises @ mustConfigure»
	}
}
`,
};
