package main

import (
	"encoding/json"
	"fmt"

	"k8s.io/apiextensions-apiserver/pkg/apis/apiextensions"
	"k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/install"
	apiextensionsv1 "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"
	"k8s.io/apiextensions-apiserver/pkg/apiserver/schema"
	"k8s.io/apiextensions-apiserver/pkg/apiserver/schema/defaulting"
	"k8s.io/apiextensions-apiserver/pkg/apiserver/validation"
	"k8s.io/apiextensions-apiserver/pkg/crdserverscheme"
	"k8s.io/apiextensions-apiserver/pkg/registry/customresource"
	"k8s.io/apiextensions-apiserver/pkg/registry/customresourcedefinition"
	"k8s.io/apimachinery/pkg/runtime"
	apischema "k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/runtime/serializer"
)

var (
	definitions      = runtime.NewScheme()
	definitionCodecs = serializer.NewCodecFactory(definitions)
	definitionKind   = apischema.GroupKind{Group: apiextensions.GroupName, Kind: "CustomResourceDefinition"}
)

// custom is one served version of a kind that a definition brought.
type custom struct {
	resource string
	strategy strategy
	schema   *schema.Structural
	// keepsUnknown is spec.preserveUnknownFields of old definitions.
	keepsUnknown bool
	warning      string
}

var (
	customKinds = map[apischema.GroupVersionKind]custom{}
	// Kinds of definitions that were given and that are not to be judged by, with the reason.
	customRefused = map[apischema.GroupKind]string{}
)

func init() { install.Install(definitions) }

// customKind finds the rules of a definition or of a kind that one brought.
func customKind(gvk apischema.GroupVersionKind) *subject {
	if gvk.GroupKind() == definitionKind && gvk.Version == "v1" {
		return &subject{gvk: gvk, resource: "customresourcedefinitions", strategy: customresourcedefinition.NewStrategy(definitions), codecs: definition{}}
	}
	if known, ok := customKinds[gvk]; ok {
		return &subject{gvk: gvk, resource: known.resource, strategy: known.strategy, codecs: unstructuredCodecs{gvk, known}}
	}
	return nil
}

func customRefusal(gvk apischema.GroupVersionKind) *answer {
	if why, ok := customRefused[gvk.GroupKind()]; ok {
		return &answer{Verdict: "unknown-kind", Message: why}
	}
	for known := range customKinds {
		if known.GroupKind() == gvk.GroupKind() {
			return &answer{Verdict: "not-served", Code: 404, Reason: "NotFound", Message: fmt.Sprintf("the definition of %s serves no version %s", gvk.Kind, gvk.Version)}
		}
	}
	return nil
}

// definition reads definitions, whose scheme is one of its own.
type definition struct{}

func (definition) decode(doc []byte) (runtime.Object, error) {
	hub := apischema.GroupVersion{Group: apiextensions.GroupName, Version: runtime.APIVersionInternal}
	obj, _, err := definitionCodecs.DecoderToVersion(strictJSON(definitionCodecs), hub).Decode(doc, nil, nil)
	return obj, err
}

func (definition) encode(obj runtime.Object) ([]byte, error) {
	return runtime.Encode(definitionCodecs.LegacyCodec(apiextensionsv1.SchemeGroupVersion), obj)
}

func (definition) versioned() runtime.Object { return &apiextensionsv1.CustomResourceDefinition{} }

// define takes up a definition, so that its resources can be judged.
func define(doc json.RawMessage) answer {
	var crd apiextensionsv1.CustomResourceDefinition
	if err := json.Unmarshal(doc, &crd); err != nil {
		return answer{Verdict: "rejected", Code: 400, Reason: "BadRequest", Message: err.Error()}
	}
	kind := apischema.GroupKind{Group: crd.Spec.Group, Kind: crd.Spec.Names.Kind}
	for gvk := range customKinds {
		if gvk.GroupKind() == kind {
			delete(customKinds, gvk)
		}
	}
	delete(customRefused, kind)
	if verdict := check(request{Doc: doc}); verdict.Verdict != "accepted" {
		customRefused[kind] = "its CustomResourceDefinition is refused itself"
		return answer{Verdict: "known"}
	}
	definitions.Default(&crd)
	for index := range crd.Spec.Versions {
		version := &crd.Spec.Versions[index]
		if !version.Served {
			continue
		}
		made, err := customOf(&crd, version)
		if err != nil {
			customRefused[kind] = err.Error()
			return answer{Verdict: "known"}
		}
		customKinds[kind.WithVersion(version.Name)] = *made
	}
	return answer{Verdict: "known"}
}

func customOf(crd *apiextensionsv1.CustomResourceDefinition, version *apiextensionsv1.CustomResourceDefinitionVersion) (*custom, error) {
	gvk := apischema.GroupVersionKind{Group: crd.Spec.Group, Version: version.Name, Kind: crd.Spec.Names.Kind}
	var props *apiextensions.JSONSchemaProps
	if version.Schema != nil && version.Schema.OpenAPIV3Schema != nil {
		props = &apiextensions.JSONSchemaProps{}
		if err := apiextensionsv1.Convert_v1_JSONSchemaProps_To_apiextensions_JSONSchemaProps(version.Schema.OpenAPIV3Schema, props, nil); err != nil {
			return nil, err
		}
	}
	structural, err := schema.NewStructural(props)
	if err != nil {
		return nil, err
	}
	if structural != nil {
		structural = structural.DeepCopy()
		if err := defaulting.PruneDefaults(structural); err != nil {
			return nil, err
		}
	}
	validator, _, err := validation.NewSchemaValidator(props)
	if err != nil {
		return nil, err
	}
	var status *apiextensions.CustomResourceSubresourceStatus
	var scale *apiextensions.CustomResourceSubresourceScale
	var statusValidator validation.SchemaValidator
	if version.Subresources != nil && version.Subresources.Status != nil {
		status = &apiextensions.CustomResourceSubresourceStatus{}
		if props != nil {
			if of, ok := props.Properties["status"]; ok {
				if statusValidator, _, err = validation.NewSchemaValidator(&of); err != nil {
					return nil, err
				}
			}
		}
	}
	if version.Subresources != nil && version.Subresources.Scale != nil {
		scale = &apiextensions.CustomResourceSubresourceScale{}
		if err := apiextensionsv1.Convert_v1_CustomResourceSubresourceScale_To_apiextensions_CustomResourceSubresourceScale(version.Subresources.Scale, scale, nil); err != nil {
			return nil, err
		}
	}
	return &custom{
		resource: crd.Spec.Names.Plural,
		strategy: customresource.NewStrategy(crdserverscheme.NewUnstructuredObjectTyper(), crd.Spec.Scope == apiextensionsv1.NamespaceScoped, gvk, validator, statusValidator, structural, status, scale, version.SelectableFields),
		schema:   structural, keepsUnknown: crd.Spec.PreserveUnknownFields, warning: deprecated(crd, version),
	}, nil
}

func deprecated(crd *apiextensionsv1.CustomResourceDefinition, version *apiextensionsv1.CustomResourceDefinitionVersion) string {
	if !version.Deprecated {
		return ""
	}
	if version.DeprecationWarning != nil {
		return *version.DeprecationWarning
	}
	text := fmt.Sprintf("%s/%s %s is deprecated", crd.Spec.Group, version.Name, crd.Spec.Names.Kind)
	if newer := newest(crd, version.Name); newer != "" {
		text += fmt.Sprintf("; use %s/%s %s", crd.Spec.Group, newer, crd.Spec.Names.Kind)
	}
	return text
}
