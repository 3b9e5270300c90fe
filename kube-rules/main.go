// The rules of the Kubernetes API server, callable without one: JSON lines in, JSON lines out.
package main

import (
	"flag"
	"io"
	// There is no system to take time zones from.
	_ "time/tzdata"

	"k8s.io/klog/v2"
	"k8s.io/kubernetes/pkg/capabilities"
)

func init() {
	// Some validations log. The caller reads answers only.
	flags := flag.NewFlagSet("klog", flag.ContinueOnError)
	klog.InitFlags(flags)
	_ = flags.Set("logtostderr", "false")
	_ = flags.Set("stderrthreshold", "FATAL")
	klog.SetOutput(io.Discard)
	// What the flag --allow-privileged of a server says; clusters that forbid it do so by policy.
	capabilities.Setup(true, 0)
}
