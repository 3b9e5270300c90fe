package main

import (
	"context"
	"slices"

	"k8s.io/apiserver/pkg/authentication/user"
	"k8s.io/apiserver/pkg/endpoints/deprecation"
	genericapirequest "k8s.io/apiserver/pkg/endpoints/request"
	"k8s.io/apiserver/pkg/warning"
)

// recorder keeps the warnings of one check, each once, as a server sends them.
type recorder struct{ texts []string }

func (r *recorder) AddWarning(_, text string) {
	if text != "" && !slices.Contains(r.texts, text) {
		r.texts = append(r.texts, text)
	}
}

func contextOf(s *subject, namespace string, update bool) context.Context {
	verb := "create"
	if update {
		verb = "update"
	}
	ctx := genericapirequest.WithNamespace(context.Background(), namespace)
	ctx = genericapirequest.WithUser(ctx, &user.DefaultInfo{Name: "deploycheck", Groups: []string{user.SystemPrivilegedGroup}})
	ctx = genericapirequest.WithRequestInfo(ctx, &genericapirequest.RequestInfo{
		IsResourceRequest: true, Verb: verb, APIGroup: s.gvk.Group, APIVersion: s.gvk.Version, Resource: s.resource, Namespace: namespace,
	})
	ctx = warning.WithWarningRecorder(ctx, s.warned)
	if typed := s.codecs.versioned(); typed != nil && deprecation.IsDeprecated(typed, major, minor) {
		typed.GetObjectKind().SetGroupVersionKind(s.gvk)
		warning.AddWarning(ctx, "", deprecation.WarningMessage(typed))
	}
	return ctx
}
