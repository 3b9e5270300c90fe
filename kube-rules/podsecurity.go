package main

import (
	appsv1 "k8s.io/api/apps/v1"
	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/kubernetes/pkg/api/legacyscheme"
	"k8s.io/kubernetes/pkg/apis/core"
	"k8s.io/pod-security-admission/api"
	"k8s.io/pod-security-admission/policy"
)

// violation is a check of the Pod Security Standards that does not hold.
type violation struct {
	Reason string `json:"reason"`
	Detail string `json:"detail,omitempty"`
}

var evaluator = newEvaluator()

func newEvaluator() policy.Evaluator {
	made, err := policy.NewEvaluator(policy.DefaultChecks())
	if err != nil {
		panic(err)
	}
	return made
}

var unlabelled = api.Policy{
	Enforce: api.LevelVersion{Level: api.LevelPrivileged, Version: api.LatestVersion()},
	Audit:   api.LevelVersion{Level: api.LevelPrivileged, Version: api.LatestVersion()},
	Warn:    api.LevelVersion{Level: api.LevelPrivileged, Version: api.LatestVersion()},
}

// securityLabels refuses a Namespace whose labels name no level or version, as the admission plugin does.
func securityLabels(obj runtime.Object) error {
	namespace, ok := obj.(*core.Namespace)
	if !ok {
		return nil
	}
	if _, errs := api.PolicyToEvaluate(namespace.Labels, unlabelled); len(errs) > 0 {
		return apierrors.NewInvalid(core.Kind("Namespace"), namespace.Name, errs)
	}
	return nil
}

// secure holds the pods of an object to the level that was asked for.
func secure(result *answer, s *subject, obj runtime.Object, asked request) {
	if asked.Security == "" {
		return
	}
	level, err := api.ParseLevel(asked.Security)
	if err != nil {
		result.NotEvaluated = append(result.NotEvaluated, "Pod Security: "+err.Error())
		return
	}
	version := api.LatestVersion()
	if asked.SecurityVersion != "" {
		if version, err = api.ParseVersion(asked.SecurityVersion); err != nil {
			result.NotEvaluated = append(result.NotEvaluated, "Pod Security: "+err.Error())
			return
		}
	}
	metadata, spec := podOf(s, obj)
	if spec == nil {
		return
	}
	for _, one := range evaluator.EvaluatePod(api.LevelVersion{Level: level, Version: version}, metadata, spec) {
		if !one.Allowed {
			result.Security = append(result.Security, violation{one.ForbiddenReason, one.ForbiddenDetail})
		}
	}
}

func podOf(s *subject, obj runtime.Object) (*metav1.ObjectMeta, *corev1.PodSpec) {
	versioned, err := legacyscheme.Scheme.ConvertToVersion(obj, s.gvk.GroupVersion())
	if err != nil {
		return nil, nil
	}
	switch of := versioned.(type) {
	case *corev1.Pod:
		return &of.ObjectMeta, &of.Spec
	case *corev1.PodTemplate:
		return templateOf(&of.Template)
	case *corev1.ReplicationController:
		return templateOf(of.Spec.Template)
	case *appsv1.ReplicaSet:
		return templateOf(&of.Spec.Template)
	case *appsv1.Deployment:
		return templateOf(&of.Spec.Template)
	case *appsv1.StatefulSet:
		return templateOf(&of.Spec.Template)
	case *appsv1.DaemonSet:
		return templateOf(&of.Spec.Template)
	case *batchv1.Job:
		return templateOf(&of.Spec.Template)
	case *batchv1.CronJob:
		return templateOf(&of.Spec.JobTemplate.Spec.Template)
	}
	return nil, nil
}

func templateOf(template *corev1.PodTemplateSpec) (*metav1.ObjectMeta, *corev1.PodSpec) {
	if template == nil {
		return nil, nil
	}
	return &template.ObjectMeta, &template.Spec
}
