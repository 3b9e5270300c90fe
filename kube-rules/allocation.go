package main

import (
	"encoding/binary"
	"fmt"
	"net/netip"
	"slices"

	"k8s.io/apimachinery/pkg/util/validation/field"
	"k8s.io/kubernetes/pkg/apis/core"
)

// allocatable says whether what a Service asks for lies in the ranges of the cluster, where these are known.
func allocatable(service *core.Service) error {
	if !headless(&service.Spec) && len(cluster.ServiceCIDRs) > 0 {
		for index, text := range service.Spec.ClusterIPs {
			ip, err := netip.ParseAddr(text)
			if err == nil && !cluster.holds(ip) {
				problem := fmt.Sprintf("failed to allocate IP %s: the provided network does not match the current range", text)
				return invalidService(service, field.ErrorList{field.Invalid(field.NewPath("spec", "clusterIPs").Index(index), service.Spec.ClusterIPs, problem)})
			}
		}
	}
	if len(cluster.NodePorts) != 2 || (service.Spec.Type != core.ServiceTypeNodePort && service.Spec.Type != core.ServiceTypeLoadBalancer) {
		return nil
	}
	first, last := cluster.NodePorts[0], cluster.NodePorts[1]
	for index, port := range service.Spec.Ports {
		if port.NodePort != 0 && (port.NodePort < first || port.NodePort > last) {
			problem := fmt.Sprintf("provided port is not in the valid range. The range of valid ports is %d-%d", first, last)
			return invalidService(service, field.ErrorList{field.Invalid(field.NewPath("spec", "ports").Index(index).Child("nodePort"), port.NodePort, problem)})
		}
	}
	return nil
}

// allocate gives a Service the addresses and ports that a server would draw.
func allocate(service *core.Service) {
	spec := &service.Spec
	for index, family := range spec.IPFamilies {
		if headless(spec) {
			break
		}
		if index == len(spec.ClusterIPs) {
			spec.ClusterIPs = append(spec.ClusterIPs, "")
		}
		if spec.ClusterIPs[index] == "" {
			spec.ClusterIPs[index] = drawn(family)
		}
	}
	if spec.ClusterIP == "" && len(spec.ClusterIPs) > 0 {
		spec.ClusterIP = spec.ClusterIPs[0]
	}
	wanted := spec.Type == core.ServiceTypeNodePort ||
		spec.Type == core.ServiceTypeLoadBalancer && (spec.AllocateLoadBalancerNodePorts == nil || *spec.AllocateLoadBalancerNodePorts)
	next := int32(32000)
	for index := range spec.Ports {
		if wanted && spec.Ports[index].NodePort == 0 {
			// Ports of one number, such as 53 of TCP and UDP, share their node port.
			if at := slices.IndexFunc(spec.Ports, func(port core.ServicePort) bool {
				return port.Port == spec.Ports[index].Port && port.NodePort != 0
			}); at >= 0 {
				spec.Ports[index].NodePort = spec.Ports[at].NodePort
				continue
			}
			for slices.ContainsFunc(spec.Ports, func(port core.ServicePort) bool { return port.NodePort == next }) {
				next++
			}
			spec.Ports[index].NodePort = next
		}
	}
	if spec.Type == core.ServiceTypeLoadBalancer && spec.ExternalTrafficPolicy == core.ServiceExternalTrafficPolicyLocal && spec.HealthCheckNodePort == 0 {
		spec.HealthCheckNodePort = 32700
	}
}

// drawn is an address of the cluster's first range of a family, or one of a range for documents.
func drawn(family core.IPFamily) string {
	for _, text := range cluster.ServiceCIDRs {
		prefix, err := netip.ParsePrefix(text)
		if err == nil && familyOf(prefix.Addr().String()) == family {
			if bytes := prefix.Addr().As4(); prefix.Addr().Is4() {
				binary.BigEndian.PutUint32(bytes[:], binary.BigEndian.Uint32(bytes[:])+200)
				return netip.AddrFrom4(bytes).String()
			}
			return prefix.Addr().Next().String()
		}
	}
	if family == core.IPv6Protocol {
		return "2001:db8::c8"
	}
	return "192.0.2.200"
}
