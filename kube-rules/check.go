package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"k8s.io/apimachinery/pkg/api/equality"
	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/types"
	genericapirequest "k8s.io/apiserver/pkg/endpoints/request"
	"k8s.io/apiserver/pkg/registry/rest"
	"k8s.io/apiserver/pkg/warning"
	"k8s.io/kubernetes/pkg/apis/core"
)

// Messages quote this where a server would quote a random number.
const uid = types.UID("00000000-0000-4000-8000-000000000000")

// Completes a generated name; a server draws five such characters.
const suffix = "x2x2x"

// How much of the prefix a server keeps: 63 characters less the suffix.
const prefixLength = 58

// subject is an object of a kind whose rules are known, ready to be checked.
type subject struct {
	gvk      schema.GroupVersionKind
	resource string
	strategy strategy
	codecs   codecs
	ctx      context.Context
	warned   *recorder
	// old is what an update replaces, as it would be stored; nil for a creation.
	old runtime.Object
}

// codecs read an object strictly into the version that its rules are written for, and back.
type codecs interface {
	decode(doc []byte) (runtime.Object, error)
	// encode gives the object in the version of its manifest.
	encode(obj runtime.Object) ([]byte, error)
	// versioned is an empty object of that version, or nil when the kind has no type.
	versioned() runtime.Object
}

func check(asked request) answer {
	id, object, err := identity(asked.Doc)
	if err != nil {
		return answer{Verdict: "internal", Message: err.Error()}
	}
	gvk := id.GroupVersionKind()
	s, refusal := subjectOf(gvk)
	if refusal != nil {
		return *refusal
	}

	namespace := ""
	if s.strategy.NamespaceScoped() {
		if namespace = object.GetNamespace(); namespace == "" {
			namespace = asked.Namespace
		}
	}
	if gvk.Group == "" && gvk.Kind == "Namespace" {
		namespace = object.GetName()
	}
	s.warned = &recorder{}
	s.ctx = contextOf(s, namespace, asked.Old != nil)

	obj, problem := s.examine(asked)
	result := answer{Verdict: "accepted", Code: 201}
	if problem != nil {
		result = rejection(problem)
	}
	result.Warnings = s.warned.texts
	if obj != nil {
		secure(&result, s, obj, asked)
		if problem == nil {
			admit(&result, s, obj, namespace, asked.Old != nil)
		}
	}
	return result
}

// examine gives the object as it would be stored, as far as it could be read, and why it would not be.
func (s *subject) examine(asked request) (runtime.Object, error) {
	obj, err := s.codecs.decode(asked.Doc)
	if err != nil {
		if _, strict := runtime.AsStrictDecodingError(err); strict && obj != nil {
			// A server stops here. What else is wrong is worth knowing at once.
			return s.joined(obj, asked, err)
		}
		return nil, badRequest(err)
	}
	return s.validated(obj, asked)
}

func (s *subject) joined(obj runtime.Object, asked request, strict error) (runtime.Object, error) {
	obj, err := s.validated(obj, asked)
	return obj, errors.Join(badRequest(strict), err)
}

func (s *subject) validated(obj runtime.Object, asked request) (runtime.Object, error) {
	if asked.Old == nil {
		return obj, s.create(obj)
	}
	return s.update(asked)
}

// create is what a server does between reading an object and storing it.
func (s *subject) create(obj runtime.Object) error {
	accessor, err := meta.Accessor(obj)
	if err != nil {
		return err
	}
	namespace := genericapirequest.NamespaceValue(s.ctx)
	rest.WipeObjectMetaSystemFields(accessor)
	wanted := rest.ExpectedNamespaceForScope(namespace, s.strategy.NamespaceScoped())
	if err := rest.EnsureObjectNamespaceMatchesRequestNamespace(wanted, accessor); err != nil {
		return err
	}
	s.dropRepeatedOwners(accessor)
	rest.FillObjectMetaSystemFields(accessor)
	accessor.SetUID(uid)
	if accessor.GetName() == "" && accessor.GetGenerateName() != "" {
		accessor.SetName(generated(accessor.GetGenerateName()))
	}
	if service, ok := obj.(*core.Service); ok {
		if err := prepareService(service, nil); err != nil {
			return err
		}
	}
	if err := rest.BeforeCreate(s.strategy, s.ctx, obj); err != nil {
		return err
	}
	return securityLabels(obj)
}

func generated(prefix string) string {
	return prefix[:min(len(prefix), prefixLength)] + suffix
}

func (s *subject) dropRepeatedOwners(accessor metav1.Object) {
	var kept []metav1.OwnerReference
	var repeated []string
	for _, owner := range accessor.GetOwnerReferences() {
		if slices.ContainsFunc(kept, func(other metav1.OwnerReference) bool { return equality.Semantic.DeepEqual(owner, other) }) {
			repeated = append(repeated, string(owner.UID))
			continue
		}
		kept = append(kept, owner)
	}
	if len(repeated) > 0 {
		accessor.SetOwnerReferences(kept)
		warning.AddWarning(s.ctx, "", fmt.Sprintf(repeatedOwners, strings.Join(repeated, ", ")))
	}
}

// As a server words it: k8s.io/apiserver/pkg/endpoints/handlers, DuplicateOwnerReferencesWarningFormat.
const repeatedOwners = ".metadata.ownerReferences contains duplicate entries; API server dedups owner references in 1.20+, and may reject such requests as early as 1.24; please fix your requests; duplicate UID(s) observed: %v"
