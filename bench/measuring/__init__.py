"""What bench/compare, growth, churn and overload are made of."""
