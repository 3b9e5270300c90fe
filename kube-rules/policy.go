package main

import (
	"context"
	"fmt"
	"strings"

	admissionv1 "k8s.io/api/admissionregistration/v1"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apiserver/pkg/admission"
	"k8s.io/apiserver/pkg/admission/plugin/cel"
	"k8s.io/apiserver/pkg/admission/plugin/policy/validating"
	"k8s.io/apiserver/pkg/admission/plugin/webhook/matchconditions"
	celconfig "k8s.io/apiserver/pkg/apis/cel"
	"k8s.io/apiserver/pkg/cel/environment"
	genericapirequest "k8s.io/apiserver/pkg/endpoints/request"
	"k8s.io/kubernetes/pkg/api/legacyscheme"
)

// decision is what an admission policy said of one object.
type decision struct {
	Policy  string   `json:"policy"`
	Binding string   `json:"binding"`
	Actions []string `json:"actions"`
	Reason  string   `json:"reason"`
	Message string   `json:"message"`
}

type compiled struct {
	policy    *admissionv1.ValidatingAdmissionPolicy
	validator validating.Validator
	// asks are the words for what only a cluster knows that an expression contains.
	asks []string
}

var (
	policies = map[string]*compiled{}
	bindings = map[string]*admissionv1.ValidatingAdmissionPolicyBinding{}
	template *cel.CompositionEnv
)

func environmentOfPolicies() *cel.CompositionEnv {
	if template == nil {
		made, err := cel.NewCompositionEnv(cel.VariablesTypeName, environment.MustBaseEnvSet(environment.DefaultCompatibilityVersion(), true))
		if err != nil {
			panic(err)
		}
		template = made
	}
	return template
}

func compile(policy *admissionv1.ValidatingAdmissionPolicy) *compiled {
	spec := &policy.Spec
	decided := cel.OptionalVariableDeclarations{HasParams: spec.ParamKind != nil, HasAuthorizer: true, StrictCost: true}
	worded := cel.OptionalVariableDeclarations{HasParams: spec.ParamKind != nil, StrictCost: true}
	compiler := cel.NewCompositedCompilerFromTemplate(environmentOfPolicies())
	result := &compiled{policy: policy}

	var variables []cel.NamedExpressionAccessor
	for index := range spec.Variables {
		variables = append(variables, &validating.Variable{Name: spec.Variables[index].Name, Expression: spec.Variables[index].Expression})
		result.reads(spec.Variables[index].Expression)
	}
	compiler.CompileAndStoreVariables(variables, decided, environment.StoredExpressions)

	var conditions, validations, messages, annotations []cel.ExpressionAccessor
	for index := range spec.MatchConditions {
		conditions = append(conditions, (*matchconditions.MatchCondition)(&spec.MatchConditions[index]))
		result.reads(spec.MatchConditions[index].Expression)
	}
	for _, one := range spec.Validations {
		validations = append(validations, &validating.ValidationCondition{Expression: one.Expression, Message: one.Message, Reason: one.Reason})
		result.reads(one.Expression)
		if one.MessageExpression == "" {
			messages = append(messages, nil)
			continue
		}
		messages = append(messages, &validating.MessageExpressionCondition{MessageExpression: one.MessageExpression})
	}
	var matcher matchconditions.Matcher
	if len(conditions) > 0 {
		matcher = matchconditions.NewMatcher(compiler.CompileCondition(conditions, decided, environment.StoredExpressions), spec.FailurePolicy, "policy", "validate", policy.Name)
	}
	result.validator = validating.NewValidator(
		compiler.CompileCondition(validations, decided, environment.StoredExpressions), matcher,
		compiler.CompileCondition(annotations, decided, environment.StoredExpressions),
		compiler.CompileCondition(messages, worded, environment.StoredExpressions), spec.FailurePolicy)
	return result
}

func (c *compiled) reads(expression string) {
	for _, word := range []string{"authorizer", "namespaceObject"} {
		if strings.Contains(expression, word) {
			c.asks = append(c.asks, word)
		}
	}
}

// admit asks every policy that is bound to the object.
func admit(result *answer, s *subject, obj runtime.Object, namespace string, update bool) {
	for _, binding := range sorted(bindings) {
		policy := policies[binding.Spec.PolicyName]
		if policy == nil {
			continue
		}
		if err := policy.decide(result, binding, s, obj, namespace, update); err != nil {
			result.NotEvaluated = append(result.NotEvaluated, fmt.Sprintf("ValidatingAdmissionPolicy %s: %v", policy.policy.Name, err))
		}
	}
}

func (c *compiled) decide(result *answer, binding *admissionv1.ValidatingAdmissionPolicyBinding, s *subject, obj runtime.Object, namespace string, update bool) error {
	operation := admission.Create
	if update {
		operation = admission.Update
	}
	place := placeOf(s, obj, namespace)
	gvk, err := c.matches(binding, s, obj, place, operation)
	if err != nil || gvk == nil {
		return err
	}
	for _, word := range c.asks {
		if word == "authorizer" || place.known == nil && place.namespaced {
			return fmt.Errorf("asks for %s, which only a cluster has", word)
		}
	}
	versioned, err := inVersion(s, obj, gvk.GroupVersion())
	if err != nil {
		return err
	}
	versionedOld, err := inVersion(s, s.old, gvk.GroupVersion())
	if err != nil {
		return err
	}
	accessor, err := meta.Accessor(obj)
	if err != nil {
		return err
	}
	user, _ := genericapirequest.UserFrom(s.ctx)
	resource := gvk.GroupVersion().WithResource(s.resource)
	attributes := admission.NewAttributesRecord(versioned, versionedOld, *gvk, accessor.GetNamespace(), accessor.GetName(), resource, "", operation, &metav1.CreateOptions{}, true, user)
	versionedAttributes := &admission.VersionedAttributes{Attributes: attributes, VersionedObject: versioned, VersionedOldObject: versionedOld, VersionedKind: *gvk}
	found, err := c.params(binding, place)
	if err != nil {
		return err
	}
	for _, param := range found {
		said := c.validator.Validate(context.Background(), resource, versionedAttributes, param, place.known, celconfig.RuntimeCELCostBudget, nil)
		for _, one := range said.Decisions {
			if one.Action != validating.ActionDeny {
				continue
			}
			made := decision{Policy: c.policy.Name, Binding: binding.Name, Reason: string(one.Reason), Message: one.Message}
			for _, action := range binding.Spec.ValidationActions {
				made.Actions = append(made.Actions, string(action))
			}
			result.Policies = append(result.Policies, made)
		}
	}
	return nil
}

// inVersion is the object as expressions see it; nil when there is none.
func inVersion(s *subject, obj runtime.Object, version schema.GroupVersion) (runtime.Object, error) {
	if obj == nil {
		return nil, nil
	}
	if _, ok := s.codecs.(builtin); !ok {
		return obj, nil
	}
	return legacyscheme.Scheme.ConvertToVersion(obj, version)
}

// place is where an object goes, with the Namespace object if it was given.
type place struct {
	namespaced bool
	namespace  string
	known      *corev1.Namespace
}

func placeOf(s *subject, obj runtime.Object, namespace string) place {
	if own, ok := obj.(metav1.Object); ok && s.gvk.Group == "" && s.gvk.Kind == "Namespace" {
		return place{namespaced: true, namespace: own.GetName(), known: &corev1.Namespace{ObjectMeta: metav1.ObjectMeta{Name: own.GetName(), Labels: own.GetLabels()}}}
	}
	if !s.strategy.NamespaceScoped() {
		return place{}
	}
	found := place{namespaced: true, namespace: namespace}
	if given, ok := objects[key{"v1", "Namespace", "", namespace}]; ok {
		found.known = &corev1.Namespace{}
		if err := runtime.DefaultUnstructuredConverter.FromUnstructured(given.Object, found.known); err != nil {
			found.known = nil
			return found
		}
		// A server adds this label to every namespace.
		if found.known.Labels == nil {
			found.known.Labels = map[string]string{}
		}
		found.known.Labels[corev1.LabelMetadataName] = namespace
	}
	return found
}

// versionsOf are the versions that an object of a kind can be read in, its own first.
func versionsOf(s *subject) []schema.GroupVersionKind {
	found := []schema.GroupVersionKind{s.gvk}
	if _, ok := s.codecs.(builtin); !ok {
		return found
	}
	for _, version := range legacyscheme.Scheme.VersionsForGroupKind(s.gvk.GroupKind()) {
		gvk := version.WithKind(s.gvk.Kind)
		if typed, err := legacyscheme.Scheme.New(gvk); err == nil && gvk != s.gvk && served(gvk, typed) {
			found = append(found, gvk)
		}
	}
	return found
}
