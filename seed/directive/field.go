package directive

import (
	"errors"
	"fmt"
	"strconv"

	"github.com/lectern-cms/lectern/models"
)

// field ties an attribute of a directive to a field of a block, for reading and for writing.
type field struct {
	name string
	get  func() (attribute, bool) // false: the default, which is not written
	set  func(value string) error // not called for a flag
	flag func(yes bool)           // nil: it needs a value
	ref  **models.Ref             // of a reference
}

// word is a field that is text without markup, "" by default.
func word[S ~string](name string, at *S) field { return wordOr(name, at, "") }

// wordOr is a field that has a default.
func wordOr[S ~string](name string, at *S, otherwise S) field {
	return field{
		name: name,
		get:  func() (attribute, bool) { return attribute{name: name, value: string(*at)}, *at != otherwise },
		set:  func(v string) error { *at = S(v); return nil },
	}
}

// written is the field with its default written too.
func (f field) written() field {
	get := f.get
	f.get = func() (attribute, bool) { a, _ := get(); return a, true }
	return f
}

// number is a field that is a whole number, 0 by default.
func number(name string, at *int) field {
	return field{
		name: name,
		get:  func() (attribute, bool) { return attribute{name: name, value: strconv.Itoa(*at)}, *at != 0 },
		set:  func(v string) (err error) { *at, err = whole(v); return err },
	}
}

func numberOr(name string, at *int, otherwise int) field {
	f := number(name, at)
	f.get = func() (attribute, bool) {
		return attribute{name: name, value: strconv.Itoa(*at)}, *at != otherwise
	}
	return f
}

// whole reads a whole number that is not negative: none of the fields can be.
func whole(v string) (int, error) {
	n, err := strconv.Atoi(v)
	if err != nil || n < 0 || strconv.Itoa(n) != v {
		return 0, fmt.Errorf("%q is no whole number", short(v))
	}
	return n, nil
}

// someNumber is a number that may be absent.
func someNumber(name string, at **int) field {
	return field{
		name: name,
		get: func() (attribute, bool) {
			if *at == nil {
				return attribute{}, false
			}
			return attribute{name: name, value: strconv.Itoa(**at)}, true
		},
		set: func(v string) error {
			n, err := whole(v)
			*at = &n
			return err
		},
	}
}

// someWord is a text without markup that may be absent, which is not the same as empty.
func someWord(name string, at **string) field {
	return field{
		name: name,
		get: func() (attribute, bool) {
			if *at == nil {
				return attribute{}, false
			}
			return attribute{name: name, value: **at}, true
		},
		set: func(v string) error { *at = &v; return nil },
	}
}

// yes is a field that is true when its name stands there.
func yes(name string, at *bool, otherwise bool) field {
	return field{
		name: name,
		get: func() (attribute, bool) {
			if *at {
				return attribute{name: name, flag: true}, !otherwise
			}
			return attribute{name: name, value: "false"}, otherwise
		},
		set: func(v string) error {
			if v != "true" && v != "false" {
				return fmt.Errorf("%q is neither true nor false", short(v))
			}
			*at = v == "true"
			return nil
		},
		flag: func(yes bool) { *at = yes },
	}
}

// reference is a reference to a record, written as its id. Whether it is one, or a name, is found out by the reader.
func reference(name string, at **models.Ref, kind models.Kind) field {
	return field{
		name: name,
		get: func() (attribute, bool) {
			if *at == nil {
				return attribute{}, false
			}
			return attribute{name: name, value: string((*at).ID)}, true
		},
		set: func(v string) error { *at = models.NewRef(kind, models.ID(v)); return nil },
		ref: at,
	}
}

// assign sets the fields that attributes name, and finds the records that references call by name.
func (r *reader) assign(fields []field, as []attribute) error {
	if err := assign(fields, as); err != nil {
		return err
	}
	for _, f := range fields {
		if f.ref == nil || *f.ref == nil || (*f.ref).ID.Valid() {
			continue
		}
		ref := *f.ref
		if r.names == nil {
			return fmt.Errorf("the attribute %s: %q is no id of a record", f.name, short(string(ref.ID)))
		}
		id, ok := r.names(ref.Type, string(ref.ID))
		if !ok {
			return fmt.Errorf("the attribute %s: there is no %s with the id or name %q", f.name, ref.Type, short(string(ref.ID)))
		}
		ref.ID = id
	}
	return nil
}

// oneOf makes a field refuse all but some values.
func (f field) oneOf(values ...string) field {
	set := f.set
	f.set = func(v string) error {
		for _, known := range values {
			if v == known {
				return set(v)
			}
		}
		return fmt.Errorf("%q is none of %v", short(v), values)
	}
	return f
}

var errNeedsValue = errors.New("needs a value")

// assign sets the fields that attributes name.
func assign(fields []field, as []attribute) error {
	seen := map[string]bool{}
	for _, a := range as {
		if seen[a.name] {
			return fmt.Errorf("the attribute %s stands there twice", a.name)
		}
		seen[a.name] = true
		f, ok := find(fields, a.name)
		if !ok {
			return fmt.Errorf("there is no attribute %s here", a.name)
		}
		if err := f.assign(a); err != nil {
			return fmt.Errorf("the attribute %s: %w", a.name, err)
		}
	}
	return nil
}

func (f field) assign(a attribute) error {
	switch {
	case !a.flag:
		return f.set(a.value)
	case f.flag == nil:
		return errNeedsValue
	}
	f.flag(true)
	return nil
}

func find(fields []field, name string) (field, bool) {
	for _, f := range fields {
		if f.name == name {
			return f, true
		}
	}
	return field{}, false
}

// values gives the attributes of fields that don't have their defaults.
func values(fields []field) []attribute {
	var out []attribute
	for _, f := range fields {
		if a, ok := f.get(); ok {
			out = append(out, a)
		}
	}
	return out
}
