// Stands in for a file of gitleaks' generator, whose rules call it with the samples that they publish. Instead
// of trying the rule on them it writes them down, a line of JSON for each rule.

package utils

import (
	"encoding/json"
	"os"

	"github.com/zricethezav/gitleaks/v8/config"
)

type sample struct {
	Path string `json:"path"`
	Text string `json:"text"`
}

type published struct {
	Rule     string   `json:"rule"`
	Positive []sample `json:"positive"`
	Negative []sample `json:"negative"`
}

func Validate(rule config.Rule, positive []string, negative []string) *config.Rule {
	return publish(rule, plain(positive), plain(negative))
}

func ValidateWithPaths(rule config.Rule, positive map[string]string, negative map[string]string) *config.Rule {
	return publish(rule, named(positive), named(negative))
}

func publish(rule config.Rule, positive []sample, negative []sample) *config.Rule {
	line := published{Rule: rule.RuleID, Positive: positive, Negative: negative}
	if err := json.NewEncoder(os.Stdout).Encode(line); err != nil {
		panic(err)
	}
	return &rule
}

func plain(texts []string) []sample {
	samples := []sample{}
	for _, text := range texts {
		samples = append(samples, sample{Text: text})
	}
	return samples
}

func named(texts map[string]string) []sample {
	samples := []sample{}
	for path, text := range texts {
		samples = append(samples, sample{Path: path, Text: text})
	}
	return samples
}
