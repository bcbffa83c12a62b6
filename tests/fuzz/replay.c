/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Runs every file of the given folders through a fuzz target, each in memory of exactly its size. */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fuzz.h"

static int replay_file(const char *path)
{
	FILE *file = fopen(path, "rb");
	uint8_t *data = NULL;
	long size = -1;

	if (file && fseek(file, 0, SEEK_END) == 0 && (size = ftell(file)) >= 0) {
		rewind(file);
		/* Exactly this size: one byte read too far is seen by valgrind and ASan. */
		data = malloc(size ? (size_t)size : 1);
		if (!data || fread(data, 1, (size_t)size, file) != (size_t)size)
			size = -1;
	}
	if (file)
		fclose(file);
	if (size < 0)
		perror(path);
	else if (size == 0)
		LLVMFuzzerTestOneInput(data + 1, 0);
	else
		LLVMFuzzerTestOneInput(data, (size_t)size);
	free(data);
	return size < 0 ? -1 : 0;
}

static int not_hidden(const struct dirent *entry)
{
	return entry->d_name[0] != '.';
}

int main(int argc, char **argv)
{
	int number = 0, failed = 0;

	for (int i = 1; i < argc; i++) {
		struct dirent **entries = NULL;
		int count = scandir(argv[i], &entries, not_hidden, alphasort);

		if (count <= 0) {
			fprintf(stderr, "%s: no corpus\n", argv[i]);
			failed++;
		}
		for (int j = 0; j < count; j++) {
			char path[4096];

			snprintf(path, sizeof(path), "%s/%s", argv[i], entries[j]->d_name);
			/* Before the input runs: when it crashes, the last line names it. */
			printf("# %s\n", entries[j]->d_name);
			fflush(stdout);
			if (replay_file(path) < 0) {
				printf("not ");
				failed++;
			}
			printf("ok %d - corpus_%s\n", ++number, entries[j]->d_name);
			free(entries[j]);
		}
		free(entries);
	}
	printf("1..%d\n", number);
	return failed || !number;
}
