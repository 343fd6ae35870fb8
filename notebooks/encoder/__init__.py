"""Training of the embedded static encoder: one vector a token, summed and normalised.

Four steps, each kept in a work folder so that a later run can start from it:

1. tokenizer: three Unigram vocabularies (Chinese, Latin, numbers) joined in one model;
2. word2vec over the plain text, common components removed, smooth inverse frequency weights;
3. contrastive training on general pairs, in-batch negatives, both directions;
4. contrastive training on the domain: thesaurus, written questions, headings of plans.

Lower modules never know upper ones:

    options                 the numbers of the recipe
    text  english           search text and patterns; region names and question frames in English
    corpora  plans          what is read: pairs and thesaurus; plans and the questions on them
    vocabulary  bags        the tokenizer; tokenized texts
    initial                 word2vec vectors
    pairs  sources          query and passage in text; the same in token ids, drawn by batch
    general  domain         the sources of steps 3 and 4
    contrast                the training loop
    save                    the folder that is written
    steps                   the four steps in order
"""
