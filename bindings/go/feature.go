// SPDX-License-Identifier: LGPL-2.1-or-later

package fwcore

// #include <fwcore/fwcore.h>
import "C"

// Feature is something that a kernel can express, or not.
type Feature struct {
	Name    string // in nft's terms: "tcp option set"
	Summary string // what it is, in one line
	Present bool   // the kernel took it
	Since   string // the first Linux that has it, "6.9"; "" when that is not known
	Kconfig string // the option of the kernel's configuration that brings it; "" when it needs none of its own
	Example string // what was asked, as `nft -f` takes it: commands that make a table `t`
}

// Features asks the kernel which features it has, without changing anything.
func (k *Kernel) Features() ([]Feature, error) {
	var list []Feature
	err := k.features(func(c *C.struct_fwc_features) {
		list = make([]Feature, int(C.fwc_features_count(c)))
		for i := range list {
			list[i] = goFeature(C.fwc_features_at(c, C.size_t(i)))
		}
	})
	return list, err
}

// Feature asks the kernel about one feature, nil when none has that name.
func (k *Kernel) Feature(name string) (*Feature, error) {
	cname, err := cString("the feature's name", name)
	if err != nil {
		return nil, err
	}
	var found *Feature
	err = k.features(func(c *C.struct_fwc_features) {
		if f := C.fwc_features_find(c, cname); f != nil {
			feature := goFeature(f)
			found = &feature
		}
	})
	return found, err
}

func (k *Kernel) features(read func(c *C.struct_fwc_features)) error {
	if err := k.enter(); err != nil {
		return err
	}
	defer k.leave()
	var c *C.struct_fwc_features
	var cerr C.struct_fwc_error
	if r := C.fwc_features_get(k.c, &c, &cerr); r < 0 {
		return failed(r, &cerr)
	}
	defer C.fwc_features_free(c)
	read(c)
	return nil
}

func goFeature(c *C.struct_fwc_feature) Feature {
	return Feature{
		Name:    goString(C.fwc_feature_name(c)),
		Summary: goString(C.fwc_feature_summary(c)),
		Present: bool(C.fwc_feature_is_present(c)),
		Since:   goString(C.fwc_feature_since(c)),
		Kconfig: goString(C.fwc_feature_kconfig(c)),
		Example: goString(C.fwc_feature_example(c)),
	}
}
