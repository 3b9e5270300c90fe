package main

import (
	"fmt"

	apiextensionsv1 "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"
	"k8s.io/apiextensions-apiserver/pkg/apiserver/schema"
	"k8s.io/apiextensions-apiserver/pkg/apiserver/schema/defaulting"
	"k8s.io/apiextensions-apiserver/pkg/apiserver/schema/objectmeta"
	"k8s.io/apiextensions-apiserver/pkg/apiserver/schema/pruning"
	"k8s.io/apiextensions-apiserver/pkg/crdserverscheme"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"
	apischema "k8s.io/apimachinery/pkg/runtime/schema"
	jsonserializer "k8s.io/apimachinery/pkg/runtime/serializer/json"
	"k8s.io/apimachinery/pkg/version"
)

// unstructuredCodecs read custom resources: strictly, with what the schema does not know named, defaults filled in.
type unstructuredCodecs struct {
	gvk   apischema.GroupVersionKind
	known custom
}

type creator struct{}

func (creator) New(kind apischema.GroupVersionKind) (runtime.Object, error) {
	made := &unstructured.Unstructured{}
	made.SetGroupVersionKind(kind)
	return made, nil
}

var customSerializer = jsonserializer.NewSerializerWithOptions(jsonserializer.DefaultMetaFactory, creator{}, crdserverscheme.NewUnstructuredObjectTyper(), jsonserializer.SerializerOptions{Strict: true})

func (u unstructuredCodecs) decode(doc []byte) (runtime.Object, error) {
	obj, _, err := customSerializer.Decode(doc, &u.gvk, nil)
	var strict []error
	if err != nil {
		said, ok := runtime.AsStrictDecodingError(err)
		if !ok || obj == nil {
			return nil, err
		}
		strict = said.Errors()
	}
	object, ok := obj.(*unstructured.Unstructured)
	if !ok {
		return nil, fmt.Errorf("%s was read as %T", u.gvk.Kind, obj)
	}
	unknown, err := u.coerce(object)
	if err != nil {
		return nil, err
	}
	for _, path := range unknown {
		strict = append(strict, fmt.Errorf("unknown field %q", path))
	}
	defaulting.Default(object.Object, u.known.schema)
	if len(strict) > 0 {
		return object, runtime.NewStrictDecodingError(strict)
	}
	return object, nil
}

// coerce does for a map what reading into a Go type does by itself: metadata are typed, unknown fields go.
func (u unstructuredCodecs) coerce(object *unstructured.Unstructured) ([]string, error) {
	apiVersion, kind := object.GetAPIVersion(), object.GetKind()
	meta, found, unknown, err := objectmeta.GetObjectMetaWithOptions(object.Object, objectmeta.ObjectMetaOptions{ReturnUnknownFieldPaths: true})
	if err != nil {
		return nil, err
	}
	if !u.known.keepsUnknown {
		options := schema.UnknownFieldPathOptions{TrackUnknownFieldPaths: true}
		unknown = append(unknown, pruning.PruneWithOptions(object.Object, u.known.schema, true, options)...)
		defaulting.PruneNonNullableNullsWithoutDefaults(object.Object, u.known.schema)
	}
	problem, paths := objectmeta.CoerceWithOptions(nil, object.Object, u.known.schema, false, objectmeta.CoerceOptions{ReturnUnknownFieldPaths: true})
	if problem != nil {
		return nil, problem
	}
	object.SetAPIVersion(apiVersion)
	object.SetKind(kind)
	if found {
		if err := objectmeta.SetObjectMeta(object.Object, meta); err != nil {
			return nil, err
		}
	}
	return append(unknown, paths...), nil
}

func (u unstructuredCodecs) encode(obj runtime.Object) ([]byte, error) {
	return runtime.Encode(unstructured.UnstructuredJSONScheme, obj)
}

func (u unstructuredCodecs) versioned() runtime.Object { return nil }

// newest is the served version that is to be used in place of a deprecated one.
func newest(crd *apiextensionsv1.CustomResourceDefinition, than string) string {
	found := ""
	for _, one := range crd.Spec.Versions {
		if one.Served && !one.Deprecated && version.CompareKubeAwareVersionStrings(than, one.Name) < 0 &&
			(found == "" || version.CompareKubeAwareVersionStrings(one.Name, found) > 0) {
			found = one.Name
		}
	}
	return found
}
