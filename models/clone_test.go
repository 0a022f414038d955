package models

import (
	"reflect"
	"testing"
)

func TestACloneSharesNothing(t *testing.T) {
	for kind, r := range everything(t) {
		t.Run(string(kind), func(t *testing.T) {
			copied := Clone(r)
			if !reflect.DeepEqual(r, copied) {
				t.Fatal("the clone differs")
			}
			EachText(copied, func(_ string, text *Text) { *text += "!" })
			for _, ref := range Refs(copied) {
				(*ref).ID = "other"
			}
			EachText(r, func(pointer string, text *Text) {
				if (*text)[len(*text)-1] == '!' {
					t.Errorf("%s is shared", pointer)
				}
			})
			for _, ref := range Refs(r) {
				if (*ref).ID == "other" {
					t.Error("a reference is shared")
				}
			}
		})
	}
}
