// Stands in for what makes the samples of gitleaks' generator by chance: they are the same each time.

package secrets

import "github.com/lucasjones/reggen"

var seed int64

func NewSecret(regex string) string {
	generator, err := reggen.NewGenerator(regex)
	if err != nil {
		panic(err)
	}
	seed++
	generator.SetSeed(seed)
	return generator.Generate(1)
}
