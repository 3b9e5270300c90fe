package main

import (
	"encoding/json"
	"fmt"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/api/meta"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/util/jsonmergepatch"
	"k8s.io/apimachinery/pkg/util/strategicpatch"
	"k8s.io/apiserver/pkg/registry/rest"
	"k8s.io/kubernetes/pkg/apis/core"
)

// update judges a manifest that is applied over another one: what the server filled in stays, what the
// earlier manifest said and this one does not say is taken away.
func (s *subject) update(asked request) (runtime.Object, error) {
	old, err := s.before(asked)
	if err != nil {
		return nil, err
	}
	s.old = old
	live, err := s.codecs.encode(old)
	if err != nil {
		return nil, err
	}
	merged, err := merge(asked.Old, asked.Doc, live, s.codecs.versioned())
	if err != nil {
		return nil, badRequest(err)
	}
	obj, err := s.codecs.decode(merged)
	if err != nil {
		if _, strict := runtime.AsStrictDecodingError(err); !strict || obj == nil {
			return nil, badRequest(err)
		}
	}
	accessor, err := meta.Accessor(obj)
	if err != nil {
		return nil, err
	}
	s.dropRepeatedOwners(accessor)
	if service, ok := obj.(*core.Service); ok {
		if err := prepareService(service, old.(*core.Service)); err != nil {
			return obj, err
		}
	}
	if err := rest.BeforeUpdate(s.strategy, s.ctx, obj, old); err != nil {
		return obj, err
	}
	return obj, securityLabels(obj)
}

// before is the object that the earlier manifest made.
func (s *subject) before(asked request) (runtime.Object, error) {
	earlier := *s
	earlier.warned = &recorder{}
	_, object, err := identity(asked.Old)
	if err != nil {
		return nil, err
	}
	namespace := object.GetNamespace()
	if namespace == "" {
		namespace = asked.Namespace
	}
	if !s.strategy.NamespaceScoped() {
		namespace = ""
	}
	earlier.ctx = contextOf(&earlier, namespace, false)
	old, err := s.codecs.decode(asked.Old)
	if err != nil {
		return nil, unusable(err)
	}
	if err := earlier.create(old); err != nil {
		return nil, unusable(err)
	}
	accessor, err := meta.Accessor(old)
	if err != nil {
		return nil, err
	}
	accessor.SetResourceVersion("1")
	return old, nil
}

func unusable(err error) error {
	return apierrors.NewBadRequest(fmt.Sprintf("the manifest that was applied before is refused itself: %v", err))
}

// merge is what kubectl apply makes of the manifest before, the manifest now and the object in between.
func merge(before, now, live []byte, typed runtime.Object) ([]byte, error) {
	if typed == nil {
		patch, err := jsonmergepatch.CreateThreeWayJSONMergePatch(before, now, live)
		if err != nil {
			return nil, err
		}
		return mergeJSON(live, patch)
	}
	lookup, err := strategicpatch.NewPatchMetaFromStruct(typed)
	if err != nil {
		return nil, err
	}
	patch, err := strategicpatch.CreateThreeWayMergePatch(before, now, live, lookup, true)
	if err != nil {
		return nil, err
	}
	return strategicpatch.StrategicMergePatch(live, patch, typed)
}

// mergeJSON applies a merge patch: https://www.rfc-editor.org/rfc/rfc7386
func mergeJSON(target, patch []byte) ([]byte, error) {
	var value, change any
	if err := json.Unmarshal(target, &value); err != nil {
		return nil, err
	}
	if err := json.Unmarshal(patch, &change); err != nil {
		return nil, err
	}
	return json.Marshal(merged(value, change))
}

func merged(value, change any) any {
	changes, ok := change.(map[string]any)
	if !ok {
		return change
	}
	result, ok := value.(map[string]any)
	if !ok {
		result = map[string]any{}
	}
	for key, part := range changes {
		if part == nil {
			delete(result, key)
			continue
		}
		result[key] = merged(result[key], part)
	}
	return result
}
