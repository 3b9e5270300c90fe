package main

import (
	"context"
	"encoding/json"
	"fmt"

	admissionv1 "k8s.io/api/admissionregistration/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/kubernetes/pkg/api/legacyscheme"
)

// know takes up a document that tells about others: a definition, a policy, its binding, a namespace, or
// an object that a policy may take its parameters from.
func know(doc json.RawMessage) answer {
	id, object, err := identity(doc)
	if err != nil {
		return answer{Verdict: "internal", Message: err.Error()}
	}
	gvk := id.GroupVersionKind()
	switch {
	case gvk.GroupKind() == definitionKind:
		return define(doc)
	case gvk.Group == admissionGroup && gvk.Version == "v1" && gvk.Kind == "ValidatingAdmissionPolicy":
		var policy admissionv1.ValidatingAdmissionPolicy
		if err := json.Unmarshal(doc, &policy); err != nil {
			return answer{Verdict: "rejected", Code: 400, Reason: "BadRequest", Message: err.Error()}
		}
		if verdict := check(request{Doc: doc}); verdict.Verdict == "accepted" {
			legacyscheme.Scheme.Default(&policy)
			policies[policy.Name] = compile(&policy)
		}
	case gvk.Group == admissionGroup && gvk.Version == "v1" && gvk.Kind == "ValidatingAdmissionPolicyBinding":
		var binding admissionv1.ValidatingAdmissionPolicyBinding
		if err := json.Unmarshal(doc, &binding); err != nil {
			return answer{Verdict: "rejected", Code: 400, Reason: "BadRequest", Message: err.Error()}
		}
		if verdict := check(request{Doc: doc}); verdict.Verdict == "accepted" {
			legacyscheme.Scheme.Default(&binding)
			bindings[binding.Name] = &binding
		}
	default:
		objects[key{gvk.GroupVersion().String(), gvk.Kind, object.GetNamespace(), object.GetName()}] = object
	}
	return answer{Verdict: "known"}
}

type key struct{ apiVersion, kind, namespace, name string }

// objects that were given to be known: namespaces and parameters.
var objects = map[key]*unstructured.Unstructured{}

// namespaces answers claims for devices, which ask whether their namespace may have administrator's access.
type namespaces struct{}

func (namespaces) Get(_ context.Context, name string, _ metav1.GetOptions) (*corev1.Namespace, error) {
	given, ok := objects[key{"v1", "Namespace", "", name}]
	if !ok {
		return nil, fmt.Errorf("namespace %s is not among the manifests", name)
	}
	found := &corev1.Namespace{}
	return found, runtime.DefaultUnstructuredConverter.FromUnstructured(given.Object, found)
}
