package main

import (
	"fmt"
	"slices"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/util/validation/field"
	"k8s.io/kubernetes/pkg/apis/core"
	"k8s.io/kubernetes/pkg/apis/core/validation"
	netutils "k8s.io/utils/net"
)

// prepareService does what the allocator of a server does before the rules see a Service: the fields on
// addresses are filled in from each other, and what is left open is drawn.
func prepareService(service, old *core.Service) error {
	spec := &service.Spec
	if old == nil && spec.ClusterIP != "" && len(spec.ClusterIPs) == 0 {
		spec.ClusterIPs = []string{spec.ClusterIP}
	}
	if old != nil {
		keepAddresses(spec, &old.Spec)
	}
	if spec.Type == core.ServiceTypeExternalName {
		return nil
	}
	if old != nil && keepsBothFamilies(spec, &old.Spec) {
		return nil
	}
	if spec.IPFamilyPolicy == nil {
		policy := core.IPFamilyPolicySingleStack
		if old != nil && old.Spec.IPFamilyPolicy != nil {
			policy = *old.Spec.IPFamilyPolicy
		} else if headless(spec) && len(spec.Selector) == 0 {
			policy = core.IPFamilyPolicyRequireDualStack
		}
		spec.IPFamilyPolicy = &policy
	}
	if errs := validation.ValidateServiceClusterIPsRelatedFields(service, old); len(errs) > 0 {
		return invalidService(service, errs)
	}
	if errs := fitFamilies(spec, old); len(errs) > 0 {
		return invalidService(service, errs)
	}
	if errs := completeFamilies(spec); len(errs) > 0 {
		return invalidService(service, errs)
	}
	if err := allocatable(service); err != nil {
		return err
	}
	allocate(service)
	return nil
}

func invalidService(service *core.Service, errs field.ErrorList) error {
	return apierrors.NewInvalid(core.Kind("Service"), service.Name, errs)
}

func headless(spec *core.ServiceSpec) bool { return spec.ClusterIP == core.ClusterIPNone }

func single(spec *core.ServiceSpec) bool {
	return *spec.IPFamilyPolicy == core.IPFamilyPolicySingleStack
}

// keepAddresses settles clusterIP against clusterIPs when one of them was changed or left out.
func keepAddresses(spec, old *core.ServiceSpec) {
	addressed := func(s *core.ServiceSpec) bool { return s.Type != core.ServiceTypeExternalName }
	if addressed(spec) && addressed(old) {
		if spec.ClusterIP == "" {
			spec.ClusterIP = old.ClusterIP
		}
		if len(spec.ClusterIPs) == 0 {
			spec.ClusterIPs = slices.Clone(old.ClusterIPs)
		}
	}
	if spec.ClusterIP == old.ClusterIP || !slices.Equal(spec.ClusterIPs, old.ClusterIPs) {
		return
	}
	spec.ClusterIPs = nil
	if spec.ClusterIP != "" {
		spec.ClusterIPs = []string{spec.ClusterIP}
	}
}

// keepsBothFamilies is true for PreferDualStack that stays as it was: a server then changes nothing.
func keepsBothFamilies(spec, old *core.ServiceSpec) bool {
	prefers := func(s *core.ServiceSpec) bool {
		return s.IPFamilyPolicy != nil && *s.IPFamilyPolicy == core.IPFamilyPolicyPreferDualStack
	}
	return old.Type != core.ServiceTypeExternalName && prefers(spec) && prefers(old) &&
		slices.Equal(spec.ClusterIPs, old.ClusterIPs) && slices.Equal(spec.IPFamilies, old.IPFamilies)
}

var policyField = field.NewPath("spec", "ipFamilyPolicy")

func fitFamilies(spec *core.ServiceSpec, old *core.Service) (errs field.ErrorList) {
	if old != nil && single(spec) {
		if len(spec.ClusterIPs) > 1 && slices.Equal(spec.ClusterIPs, old.Spec.ClusterIPs) {
			spec.ClusterIPs = spec.ClusterIPs[:1]
		}
		if len(spec.IPFamilies) > 1 && slices.Equal(spec.IPFamilies, old.Spec.IPFamilies) {
			spec.IPFamilies = spec.IPFamilies[:1]
		}
	} else if old != nil {
		if len(spec.ClusterIPs) == 1 && len(old.Spec.ClusterIPs) == 2 {
			errs = append(errs, field.Invalid(policyField, spec.IPFamilyPolicy, "must be 'SingleStack' to release the secondary cluster IP"))
		}
		if len(spec.IPFamilies) == 1 && len(old.Spec.IPFamilies) == 2 {
			errs = append(errs, field.Invalid(policyField, spec.IPFamilyPolicy, "must be 'SingleStack' to release the secondary IP family"))
		}
	}
	if single(spec) {
		if len(spec.ClusterIPs) == 2 {
			errs = append(errs, field.Invalid(policyField, spec.IPFamilyPolicy, "must be 'RequireDualStack' or 'PreferDualStack' when multiple cluster IPs are specified"))
		}
		if len(spec.IPFamilies) == 2 {
			errs = append(errs, field.Invalid(policyField, spec.IPFamilyPolicy, "must be 'RequireDualStack' or 'PreferDualStack' when multiple IP families are specified"))
		}
	}
	for index, ip := range spec.ClusterIPs {
		if ip == core.ClusterIPNone {
			break
		}
		if index < len(spec.IPFamilies) {
			continue
		}
		family := familyOf(ip)
		if !cluster.serves(family) {
			errs = append(errs, field.Invalid(field.NewPath("spec", "clusterIPs").Index(index), spec.ClusterIPs, fmt.Sprintf("%s is not configured on this cluster", family)))
			continue
		}
		spec.IPFamilies = append(spec.IPFamilies, family)
	}
	return errs
}

func completeFamilies(spec *core.ServiceSpec) (errs field.ErrorList) {
	if headless(spec) && len(spec.Selector) == 0 {
		if len(spec.IPFamilies) == 0 {
			spec.IPFamilies = []core.IPFamily{cluster.primary()}
		}
		if len(spec.IPFamilies) < 2 && !single(spec) {
			spec.IPFamilies = append(spec.IPFamilies, other(spec.IPFamilies[0]))
		}
		return nil
	}
	if *spec.IPFamilyPolicy == core.IPFamilyPolicyRequireDualStack && !cluster.dual() {
		errs = append(errs, field.Invalid(policyField, spec.IPFamilyPolicy, "this cluster is not configured for dual-stack services"))
	}
	for index, family := range spec.IPFamilies {
		if !cluster.serves(family) {
			errs = append(errs, field.Invalid(field.NewPath("spec", "ipFamilies").Index(index), family, "not configured on this cluster"))
		}
	}
	if len(errs) > 0 {
		return errs
	}
	if len(spec.IPFamilies) == 0 {
		spec.IPFamilies = []core.IPFamily{cluster.primary()}
	}
	if !single(spec) && len(spec.IPFamilies) == 1 && cluster.dual() {
		spec.IPFamilies = append(spec.IPFamilies, other(spec.IPFamilies[0]))
	}
	return nil
}

func familyOf(ip string) core.IPFamily {
	if netutils.IsIPv6String(ip) {
		return core.IPv6Protocol
	}
	return core.IPv4Protocol
}

func other(family core.IPFamily) core.IPFamily {
	if family == core.IPv4Protocol {
		return core.IPv6Protocol
	}
	return core.IPv4Protocol
}
