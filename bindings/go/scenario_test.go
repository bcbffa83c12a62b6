// SPDX-License-Identifier: LGPL-2.1-or-later

package fwcore_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// The same steps in C and Go, and what nft and ip see after each. FWC_SCENARIO_C is the program in C.
func TestScenarioIsSeenAsTheOneInC(t *testing.T) {
	inC := os.Getenv("FWC_SCENARIO_C")
	if _, err := os.Stat(inC); err != nil {
		t.Skip("the scenario in C was not built: FWC_SCENARIO_C names none")
	}
	needProgram(t, "go", "python3", "nft", "ip")
	inGo := filepath.Join(t.TempDir(), "scenario")
	run(t, exec.Command("go", "build", "-o", inGo, "./internal/scenario"))
	out, err := exec.Command("python3", "../../tests/bindings/scenario/run.py", "c", inC, "go", inGo).CombinedOutput()
	if strings.Contains(string(out), "# SKIP") {
		t.Skip(string(out))
	}
	if err != nil || !strings.Contains(string(out), "- go_14_absent") {
		t.Errorf("%v\n%s", err, out)
	}
}
