package main

import (
	"bytes"
	"encoding/json"
	"fmt"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
)

// request is one line of input.
type request struct {
	// Op is check, know or settings.
	Op string `json:"op"`
	// Doc is the object, as JSON.
	Doc json.RawMessage `json:"doc"`
	// Old is the manifest that was applied before; then an update is checked.
	Old json.RawMessage `json:"old"`
	// Namespace is where an object goes that names no namespace.
	Namespace string `json:"ns"`
	// Security asks for a level of the Pod Security Standards, such as restricted.
	Security string `json:"security"`
	// SecurityVersion is latest or v1.N.
	SecurityVersion string    `json:"securityVersion"`
	Settings        *settings `json:"settings"`
}

// settings are what a cluster was started with. What is not said is not judged.
type settings struct {
	// IPFamilies of Services, such as ["IPv4"].
	IPFamilies []string `json:"ipFamilies"`
	// ServiceCIDRs hold the addresses a Service may ask for.
	ServiceCIDRs []string `json:"serviceCIDRs"`
	// NodePorts is the range of node ports: first and last.
	NodePorts []int32 `json:"nodePorts"`
	// AllowPrivileged is the server's flag; true when not said.
	AllowPrivileged *bool `json:"allowPrivileged"`
}

// answer is one line of output.
type answer struct {
	// Verdict is accepted, rejected, unknown-kind, not-served, known or internal.
	Verdict string `json:"verdict"`
	// Code is what the server would answer with.
	Code    int32   `json:"code,omitempty"`
	Reason  string  `json:"reason,omitempty"`
	Message string  `json:"message,omitempty"`
	Causes  []cause `json:"causes,omitempty"`
	// Warnings the server would send.
	Warnings []string `json:"warnings,omitempty"`
	// Security are the checks of the Pod Security Standards that do not hold.
	Security []violation `json:"security,omitempty"`
	// Policies are the decisions of admission policies that were given.
	Policies []decision `json:"policies,omitempty"`
	// NotEvaluated says what could not be judged without a cluster.
	NotEvaluated []string `json:"notEvaluated,omitempty"`
}

type cause struct {
	Type    string `json:"type"`
	Field   string `json:"field"`
	Message string `json:"message"`
}

// run answers every line; a line that fails does not take the others with it.
func run(lines []byte) []byte {
	var out bytes.Buffer
	encoder := json.NewEncoder(&out)
	encoder.SetEscapeHTML(false)
	for _, line := range bytes.Split(lines, []byte("\n")) {
		if len(bytes.TrimSpace(line)) == 0 {
			continue
		}
		if err := encoder.Encode(handle(line)); err != nil {
			fmt.Fprintf(&out, "{\"verdict\":\"internal\",\"message\":%q}\n", err.Error())
		}
	}
	return out.Bytes()
}

func handle(line []byte) (result answer) {
	defer func() {
		if problem := recover(); problem != nil {
			result = answer{Verdict: "internal", Message: fmt.Sprint(problem)}
		}
	}()
	var asked request
	if err := json.Unmarshal(line, &asked); err != nil {
		return answer{Verdict: "internal", Message: err.Error()}
	}
	switch asked.Op {
	case "settings":
		return apply(asked.Settings)
	case "know":
		return know(asked.Doc)
	case "check":
		return check(asked)
	}
	return answer{Verdict: "internal", Message: "unknown op " + asked.Op}
}

// identity is what every object says of itself.
func identity(doc json.RawMessage) (metav1.TypeMeta, *unstructured.Unstructured, error) {
	object := &unstructured.Unstructured{}
	if err := json.Unmarshal(doc, &object.Object); err != nil {
		return metav1.TypeMeta{}, nil, err
	}
	return metav1.TypeMeta{APIVersion: object.GetAPIVersion(), Kind: object.GetKind()}, object, nil
}
