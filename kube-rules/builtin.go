package main

import (
	"fmt"

	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/runtime/serializer"
	"k8s.io/kubernetes/pkg/api/legacyscheme"
	_ "k8s.io/kubernetes/pkg/apis/admissionregistration/install"
	_ "k8s.io/kubernetes/pkg/apis/apiserverinternal/install"
	_ "k8s.io/kubernetes/pkg/apis/apps/install"
	_ "k8s.io/kubernetes/pkg/apis/autoscaling/install"
	_ "k8s.io/kubernetes/pkg/apis/batch/install"
	_ "k8s.io/kubernetes/pkg/apis/certificates/install"
	_ "k8s.io/kubernetes/pkg/apis/coordination/install"
	_ "k8s.io/kubernetes/pkg/apis/core/install"
	_ "k8s.io/kubernetes/pkg/apis/discovery/install"
	_ "k8s.io/kubernetes/pkg/apis/events/install"
	_ "k8s.io/kubernetes/pkg/apis/extensions/install"
	_ "k8s.io/kubernetes/pkg/apis/flowcontrol/install"
	_ "k8s.io/kubernetes/pkg/apis/networking/install"
	_ "k8s.io/kubernetes/pkg/apis/node/install"
	_ "k8s.io/kubernetes/pkg/apis/policy/install"
	_ "k8s.io/kubernetes/pkg/apis/rbac/install"
	_ "k8s.io/kubernetes/pkg/apis/resource/install"
	_ "k8s.io/kubernetes/pkg/apis/scheduling/install"
	_ "k8s.io/kubernetes/pkg/apis/storage/install"
	_ "k8s.io/kubernetes/pkg/apis/storagemigration/install"
)

// subjectOf finds the rules of a kind, or says why there are none.
func subjectOf(gvk schema.GroupVersionKind) (*subject, *answer) {
	if custom := customKind(gvk); custom != nil {
		return custom, nil
	}
	known, ok := kinds[gvk.GroupKind()]
	if !ok || !legacyscheme.Scheme.Recognizes(gvk) {
		if refused := customRefusal(gvk); refused != nil {
			return nil, refused
		}
		return nil, &answer{Verdict: "unknown-kind", Message: fmt.Sprintf("no rules for %s", gvk)}
	}
	typed, err := legacyscheme.Scheme.New(gvk)
	if err != nil {
		return nil, &answer{Verdict: "internal", Message: err.Error()}
	}
	if !served(gvk, typed) {
		return nil, &answer{Verdict: "not-served", Code: 404, Reason: "NotFound", Message: fmt.Sprintf("%s %s is not served by Kubernetes %d.%d", gvk.GroupVersion(), gvk.Kind, major, minor)}
	}
	return &subject{gvk: gvk, resource: known.resource, strategy: known.strategy, codecs: builtin{gvk}}, nil
}

// builtin reads the kinds of the server's own scheme.
type builtin struct{ gvk schema.GroupVersionKind }

func (b builtin) decode(doc []byte) (runtime.Object, error) {
	hub := schema.GroupVersion{Group: b.gvk.Group, Version: runtime.APIVersionInternal}
	obj, _, err := legacyscheme.Codecs.DecoderToVersion(strictJSON(legacyscheme.Codecs), hub).Decode(doc, &b.gvk, nil)
	return obj, err
}

func (b builtin) encode(obj runtime.Object) ([]byte, error) {
	return runtime.Encode(legacyscheme.Codecs.LegacyCodec(b.gvk.GroupVersion()), obj)
}

func (b builtin) versioned() runtime.Object {
	obj, err := legacyscheme.Scheme.New(b.gvk)
	if err != nil {
		return nil
	}
	return obj
}

func strictJSON(factory serializer.CodecFactory) runtime.Serializer {
	for _, info := range factory.SupportedMediaTypes() {
		if info.MediaType == runtime.ContentTypeJSON {
			return info.StrictSerializer
		}
	}
	panic("no JSON in the scheme")
}
