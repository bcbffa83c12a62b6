/* SPDX-License-Identifier: LGPL-2.1-or-later */
/**
 * @file fwcore.h
 * libfwcore: tables, chains, rules, targets, interfaces and forwarding as C objects.
 */
#ifndef FWCORE_FWCORE_H
#define FWCORE_FWCORE_H

#include <fwcore/batch.h>
#include <fwcore/error.h>
#include <fwcore/feature.h>
#include <fwcore/field.h>
#include <fwcore/forwarding.h>
#include <fwcore/interface.h>
#include <fwcore/iptables.h>
#include <fwcore/kernel.h>
#include <fwcore/network.h>
#include <fwcore/optimize.h>
#include <fwcore/route.h>
#include <fwcore/rule.h>
#include <fwcore/ruleset.h>
#include <fwcore/set.h>
#include <fwcore/target.h>
#include <fwcore/types.h>
#include <fwcore/value.h>
#include <fwcore/watch.h>

#endif
