package main

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	admissionv1 "k8s.io/api/admissionregistration/v1"
	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/labels"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apiserver/pkg/admission"
	"k8s.io/kubernetes/pkg/api/legacyscheme"
)

var errNamespaceUnknown = errors.New("selects namespaces by their labels, and the namespace of the object is not among the manifests")

// matches gives the version of the object that policy and binding ask for, nil when they do not ask for it.
func (c *compiled) matches(binding *admissionv1.ValidatingAdmissionPolicyBinding, s *subject, obj runtime.Object, in place, operation admission.Operation) (*schema.GroupVersionKind, error) {
	// The policies themselves are not subject to policies.
	if s.gvk.Group == admissionGroup && strings.HasPrefix(s.gvk.Kind, "Validating") && !strings.Contains(s.gvk.Kind, "Webhook") {
		return nil, nil
	}
	asked, err := selected(c.policy.Spec.MatchConstraints, s, obj, in, operation)
	if err != nil || asked == nil {
		return nil, err
	}
	if binding.Spec.MatchResources != nil {
		wanted, err := selected(binding.Spec.MatchResources, s, obj, in, operation)
		if err != nil || wanted == nil {
			return nil, err
		}
	}
	return asked, nil
}

func selected(match *admissionv1.MatchResources, s *subject, obj runtime.Object, in place, operation admission.Operation) (*schema.GroupVersionKind, error) {
	if match == nil {
		return &s.gvk, nil
	}
	accessor, err := meta.Accessor(obj)
	if err != nil {
		return nil, err
	}
	found := ruled(match, s, accessor.GetName(), operation)
	if found == nil {
		return nil, nil
	}
	chosen, err := chosenBy(match.ObjectSelector, accessor.GetLabels())
	if err != nil || !chosen {
		return nil, err
	}
	if !in.namespaced || match.NamespaceSelector == nil || blank(match.NamespaceSelector) {
		return found, nil
	}
	if in.known == nil {
		return nil, errNamespaceUnknown
	}
	chosen, err = chosenBy(match.NamespaceSelector, in.known.Labels)
	if err != nil || !chosen {
		return nil, err
	}
	return found, nil
}

func blank(selector *metav1.LabelSelector) bool {
	return len(selector.MatchLabels) == 0 && len(selector.MatchExpressions) == 0
}

func chosenBy(selector *metav1.LabelSelector, of map[string]string) (bool, error) {
	if selector == nil || blank(selector) {
		return true, nil
	}
	made, err := metav1.LabelSelectorAsSelector(selector)
	if err != nil {
		return false, err
	}
	return made.Matches(labels.Set(of)), nil
}

// ruled looks for a rule that takes the object, and for none that leaves it out.
func ruled(match *admissionv1.MatchResources, s *subject, name string, operation admission.Operation) *schema.GroupVersionKind {
	equivalent := match.MatchPolicy == nil || *match.MatchPolicy == admissionv1.Equivalent
	versions := []schema.GroupVersionKind{s.gvk}
	if equivalent {
		versions = versionsOf(s)
	}
	takes := func(rules []admissionv1.NamedRuleWithOperations) *schema.GroupVersionKind {
		for _, version := range versions {
			for _, rule := range rules {
				if ruleTakes(rule, version, s, name, operation) {
					return &version
				}
			}
		}
		return nil
	}
	if takes(match.ExcludeResourceRules) != nil {
		return nil
	}
	if len(match.ResourceRules) == 0 {
		return &s.gvk
	}
	return takes(match.ResourceRules)
}

func ruleTakes(rule admissionv1.NamedRuleWithOperations, version schema.GroupVersionKind, s *subject, name string, operation admission.Operation) bool {
	scope := rule.Scope == nil || *rule.Scope == admissionv1.AllScopes ||
		*rule.Scope == admissionv1.NamespacedScope && s.strategy.NamespaceScoped() ||
		*rule.Scope == admissionv1.ClusterScope && !s.strategy.NamespaceScoped()
	operations := slices.ContainsFunc(rule.Operations, func(one admissionv1.OperationType) bool {
		return one == admissionv1.OperationAll || string(one) == string(operation)
	})
	resource := slices.ContainsFunc(rule.Resources, func(one string) bool {
		return one == "*" || one == "*/*" || one == s.resource || one == s.resource+"/*"
	})
	names := len(rule.ResourceNames) == 0 || slices.Contains(rule.ResourceNames, name)
	return scope && operations && resource && names && isOne(rule.APIGroups, version.Group) && isOne(rule.APIVersions, version.Version)
}

func sorted[T any](of map[string]T) []T {
	var result []T
	for _, name := range slices.Sorted(maps.Keys(of)) {
		result = append(result, of[name])
	}
	return result
}

// params are the objects that a binding has the policy run with; one nil when it has none.
func (c *compiled) params(binding *admissionv1.ValidatingAdmissionPolicyBinding, in place) ([]runtime.Object, error) {
	kind, ref := c.policy.Spec.ParamKind, binding.Spec.ParamRef
	if kind == nil || ref == nil {
		return []runtime.Object{nil}, nil
	}
	namespace := ref.Namespace
	if namespace == "" {
		namespace = in.namespace
	}
	var found []runtime.Object
	for _, at := range slices.SortedFunc(maps.Keys(objects), func(a, b key) int {
		return strings.Compare(a.namespace+"/"+a.name, b.namespace+"/"+b.name)
	}) {
		object := objects[at]
		if at.apiVersion != kind.APIVersion || at.kind != kind.Kind || (at.namespace != "" && at.namespace != namespace) {
			continue
		}
		chosen, err := chosenBy(ref.Selector, object.GetLabels())
		if err != nil {
			return nil, err
		}
		if ref.Name != "" && ref.Name != at.name || ref.Selector != nil && !chosen {
			continue
		}
		param, err := typed(object.Object, at)
		if err != nil {
			return nil, err
		}
		found = append(found, param)
	}
	if len(found) > 0 {
		return found, nil
	}
	return nil, fmt.Errorf("binding %s takes its parameters from a %s that is not among the manifests", binding.Name, kind.Kind)
}

// typed is a parameter as a server reads it, so that expressions see its types.
func typed(content map[string]any, at key) (runtime.Object, error) {
	gvk := schema.FromAPIVersionAndKind(at.apiVersion, at.kind)
	made, err := legacyscheme.Scheme.New(gvk)
	if err != nil {
		return &unstructured.Unstructured{Object: content}, nil
	}
	if err := runtime.DefaultUnstructuredConverter.FromUnstructured(content, made); err != nil {
		return nil, err
	}
	legacyscheme.Scheme.Default(made)
	return made, nil
}
