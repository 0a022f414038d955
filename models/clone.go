package models

import "reflect"

// Clone copies a record with all that it points to.
func Clone[R Record](r R) R {
	detach(reflect.ValueOf(&r).Elem())
	return r
}

// detach gives a place in memory copies of all that it points to, so that it shares nothing with what it was copied from.
func detach(v reflect.Value) {
	switch v.Kind() {
	case reflect.Pointer, reflect.Interface:
		if v.IsNil() {
			return
		}
		if v.Kind() == reflect.Pointer {
			own := reflect.New(v.Type().Elem())
			own.Elem().Set(v.Elem())
			detach(own.Elem())
			v.Set(own)
			return
		}
		v.Set(detached(v.Elem()))
	case reflect.Slice:
		if v.IsNil() {
			return
		}
		own := reflect.MakeSlice(v.Type(), v.Len(), v.Len())
		reflect.Copy(own, v)
		if pointsElsewhere(v.Type().Elem()) {
			for i := range own.Len() {
				detach(own.Index(i))
			}
		}
		v.Set(own)
	case reflect.Map:
		if v.IsNil() {
			return
		}
		own := reflect.MakeMapWithSize(v.Type(), v.Len())
		for k, e := range v.Seq2() {
			own.SetMapIndex(k, detached(e))
		}
		v.Set(own)
	case reflect.Struct:
		for i := range v.NumField() {
			if f := v.Field(i); f.CanSet() && pointsElsewhere(f.Type()) {
				detach(f)
			}
		}
	}
}

// detached copies a value that can't be changed where it is.
func detached(v reflect.Value) reflect.Value {
	own := reflect.New(v.Type()).Elem()
	own.Set(v)
	detach(own)
	return own
}

// pointsElsewhere tells whether values of a type may share memory with their copies. Strings do, but can't be changed.
func pointsElsewhere(t reflect.Type) bool {
	switch t.Kind() {
	case reflect.Pointer, reflect.Interface, reflect.Slice, reflect.Map, reflect.Struct:
		return true
	}
	return false
}
