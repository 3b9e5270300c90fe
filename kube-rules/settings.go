package main

import (
	"net/netip"

	"k8s.io/kubernetes/pkg/apis/core"
	"k8s.io/kubernetes/pkg/capabilities"
)

// cluster is what was said about the cluster; nothing at first, and then nothing is judged by it.
var cluster settings

func apply(said *settings) answer {
	cluster = settings{}
	if said != nil {
		cluster = *said
	}
	// Setup keeps what it was told first; only tests and this know of ResetForTest.
	capabilities.ResetForTest()
	capabilities.Setup(cluster.AllowPrivileged == nil || *cluster.AllowPrivileged, 0)
	return answer{Verdict: "known"}
}

func (s settings) serves(family core.IPFamily) bool {
	return len(s.IPFamilies) == 0 || isOne(s.IPFamilies, string(family))
}

func (s settings) dual() bool { return len(s.IPFamilies) != 1 }

func (s settings) primary() core.IPFamily {
	if len(s.IPFamilies) > 0 {
		return core.IPFamily(s.IPFamilies[0])
	}
	return core.IPv4Protocol
}

func (s settings) holds(ip netip.Addr) bool {
	for _, text := range s.ServiceCIDRs {
		if prefix, err := netip.ParsePrefix(text); err == nil && prefix.Contains(ip) {
			return true
		}
	}
	return false
}
