package main

import (
	"regexp"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
)

// badRequest names each part of what could not be read, as far as the reader says which it is.
func badRequest(err error) error {
	status := apierrors.NewBadRequest(err.Error())
	parts := []error{err}
	if strict, ok := runtime.AsStrictDecodingError(err); ok {
		parts = strict.Errors()
	}
	status.ErrStatus.Details = &metav1.StatusDetails{}
	for _, part := range parts {
		status.ErrStatus.Details.Causes = append(status.ErrStatus.Details.Causes, unread(part.Error()))
	}
	return status
}

var (
	notAField = regexp.MustCompile(`^(unknown|duplicate) field "(.*)"$`)
	wrongType = regexp.MustCompile(`Go struct field \w+\.(\S+) of type`)
)

func unread(text string) metav1.StatusCause {
	if match := notAField.FindStringSubmatch(text); match != nil {
		return metav1.StatusCause{Type: "UnreadableField", Field: match[2], Message: text}
	}
	if match := wrongType.FindStringSubmatch(text); match != nil {
		return metav1.StatusCause{Type: "UnreadableType", Field: match[1], Message: text}
	}
	return metav1.StatusCause{Type: "UnreadableType", Message: text}
}

// rejection is the Status that a server would answer with, several joined to one.
func rejection(err error) answer {
	parts := []error{err}
	if joined, ok := err.(interface{ Unwrap() []error }); ok {
		parts = joined.Unwrap()
	}
	var result answer
	for index, part := range parts {
		one := refusal(part)
		if index == 0 {
			result = one
			continue
		}
		result.Causes = append(result.Causes, one.Causes...)
		if len(one.Causes) == 0 {
			result.Causes = append(result.Causes, cause{Type: one.Reason, Message: one.Message})
		}
	}
	return result
}

func refusal(err error) answer {
	status, ok := err.(apierrors.APIStatus)
	if !ok {
		return answer{Verdict: "rejected", Code: 500, Reason: "InternalError", Message: err.Error()}
	}
	said := status.Status()
	result := answer{Verdict: "rejected", Code: said.Code, Reason: string(said.Reason), Message: said.Message}
	if said.Details != nil {
		for _, one := range said.Details.Causes {
			result.Causes = append(result.Causes, cause{string(one.Type), one.Field, one.Message})
		}
	}
	return result
}
