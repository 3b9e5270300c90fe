package main

import (
	"fmt"
	"regexp"
	"strings"

	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apiserver/pkg/endpoints/deprecation"
)

// The version whose rules these are; that of k8s.io/kubernetes in go.mod.
const (
	major = 1
	minor = 34
)

var stable = regexp.MustCompile(`^v[0-9]+$`)

// served says whether a server without flags answers for a version: alpha and beta are off since 1.24,
// https://kubernetes.io/docs/reference/using-api/#enabling-or-disabling
func served(gvk schema.GroupVersionKind, typed runtime.Object) bool {
	if !stable.MatchString(gvk.Version) || gvk.Group == "extensions" {
		return false
	}
	removed := deprecation.RemovedRelease(typed)
	if removed == "" {
		return true
	}
	var inMajor, inMinor int
	if _, err := fmt.Sscanf(removed, "%d.%d", &inMajor, &inMinor); err != nil {
		return false
	}
	return inMajor > major || (inMajor == major && inMinor > minor)
}

// resourceOf is the name of a kind in paths, or empty when the kind is not known.
func resourceOf(kind schema.GroupKind) string {
	if known, ok := kinds[kind]; ok {
		return known.resource
	}
	for gvk, custom := range customKinds {
		if gvk.GroupKind() == kind {
			return custom.resource
		}
	}
	return ""
}

// isOne compares as rules of policies do: * is any.
func isOne(list []string, value string) bool {
	for _, entry := range list {
		if entry == "*" || strings.EqualFold(entry, value) {
			return true
		}
	}
	return false
}
