package search

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/meilisearch/meilisearch-go"

	"github.com/lectern-cms/lectern/models"
)

// errNoIndex says that the server has no such index, or one that nothing was ever written to.
var errNoIndex = errors.New("there is no such index yet")

// errNoAnswer is the cause when the client has none to show.
var errNoAnswer = errors.New("no answer")

// Codes of errors that are part of how things go: https://www.meilisearch.com/docs/reference/errors/error_codes
const (
	codeIndexNotFound    = "index_not_found"
	codeIndexExists      = "index_already_exists"
	codeDocumentNotFound = "document_not_found"
)

// explain makes an error of the product of one of the client, which would repeat whole requests in its text. A server
// that can't be reached, has no time or does not take the key is unavailable: the request can be made again.
func explain(ctx context.Context, err error) error {
	if err == nil {
		return nil
	}
	if ctx.Err() != nil {
		return ctx.Err()
	}
	failed, ok := errors.AsType[*meilisearch.Error](err)
	if !ok {
		return models.Unavailable("search index", fmt.Errorf("Meilisearch: %w", err))
	}
	said := failed.MeilisearchApiError
	switch {
	case said.Code == codeIndexNotFound || said.Code == codeDocumentNotFound:
		return errNoIndex
	case failed.StatusCode == 0:
		return models.Unavailable("search index", fmt.Errorf("Meilisearch: %w", cmp.Or(failed.OriginError, errNoAnswer)))
	case failed.StatusCode == http.StatusUnauthorized || failed.StatusCode == http.StatusForbidden:
		return models.Unavailable("search index", fmt.Errorf("Meilisearch does not take the key: %s (%s)", said.Message, said.Code))
	case failed.StatusCode >= http.StatusInternalServerError || failed.StatusCode == http.StatusTooManyRequests:
		return models.Unavailable("search index", fmt.Errorf("Meilisearch answers %d: %s (%s)", failed.StatusCode, said.Message, said.Code))
	}
	return fmt.Errorf("Meilisearch answers %d: %s (%s)", failed.StatusCode, said.Message, said.Code)
}

// taskError is a task that Meilisearch took and then failed at.
type taskError struct {
	uid           int64
	at            time.Time // by the server's clock
	kind          meilisearch.TaskType
	code, message string
}

func (e *taskError) Error() string {
	return fmt.Sprintf("Meilisearch failed at task %d, %s: %s (%s)", e.uid, e.kind, e.message, e.code)
}

// maxTaskMessage is how many bytes of a task's message are told: some hold the document that was refused.
const maxTaskMessage = 200

func beginningOf(message string) string {
	if len(message) <= maxTaskMessage {
		return message
	}
	return strings.ToValidUTF8(message[:maxTaskMessage], "") + "…"
}

// How often a task is looked at: soon at first, as most are done in a few milliseconds.
const (
	firstLook = 5 * time.Millisecond
	lastLook  = 250 * time.Millisecond
)

// await waits until a task is done, and fails when the task did. Meilisearch does tasks in the order in which it took them.
func (m *Meilisearch) await(ctx context.Context, info *meilisearch.TaskInfo, err error) error {
	if err != nil {
		return explain(ctx, err)
	}
	for pause := firstLook; ; pause = min(2*pause, lastLook) {
		task, err := m.client.GetTaskWithContext(ctx, info.TaskUID)
		if err != nil {
			return explain(ctx, err)
		}
		switch task.Status {
		case meilisearch.TaskStatusSucceeded:
			return nil
		case meilisearch.TaskStatusFailed, meilisearch.TaskStatusCanceled:
			return &taskError{uid: info.TaskUID, at: task.FinishedAt, kind: task.Type, code: task.Error.Code, message: beginningOf(task.Error.Message)}
		}
		if sleep(ctx, pause); ctx.Err() != nil {
			return ctx.Err()
		}
	}
}
