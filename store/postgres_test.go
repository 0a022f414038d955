package store_test

import (
	"testing"

	"github.com/lectern-cms/lectern/store"
	"github.com/lectern-cms/lectern/store/storetest"
)

func TestPostgres(t *testing.T) {
	storetest.Run(t, func(t *testing.T) *store.Store { return postgresDatabase(t).migrated(t) })
}
