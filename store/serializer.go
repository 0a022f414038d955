package store

import (
	"context"
	"fmt"
	"reflect"

	"gorm.io/gorm/schema"

	"github.com/lectern-cms/lectern/models"
)

// serializer keeps a field as canonical JSON text, and a nil pointer as NULL.
type serializer struct{}

// Scan fills the field from the column.
func (serializer) Scan(ctx context.Context, field *schema.Field, dst reflect.Value, value any) error {
	fresh := reflect.New(field.FieldType)
	if value != nil {
		if err := fillJSON(fresh.Elem(), value); err != nil {
			return fmt.Errorf("column %s: %w", field.DBName, err)
		}
	}
	field.ReflectValueOf(ctx, dst).Set(fresh.Elem())
	return nil
}

// Value gives the column's value.
func (serializer) Value(_ context.Context, field *schema.Field, _ reflect.Value, value any) (any, error) {
	if v := reflect.ValueOf(value); v.Kind() == reflect.Pointer && v.IsNil() {
		return nil, nil
	}
	data, err := models.Encode(value)
	if err != nil {
		return nil, fmt.Errorf("column %s: %w", field.DBName, err)
	}
	return string(data), nil
}
