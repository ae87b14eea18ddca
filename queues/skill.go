package queues

// Skill is what an agent can do, or what a place needs: a language, a product.
type Skill struct {
	Name  string `json:"name" yaml:"name"`
	Level int    `json:"level" yaml:"level"` // 1 to 10; of a need: the least that will do
}
